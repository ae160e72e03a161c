//! Models of `model!`, trained: the whole way from tokens to weights.

use model_runtime::prelude::*;
use ndarray::{Array1, Array2, ArrayD, Axis, array};

model! {
    /// Two towers of one set of weights, two outputs.
    pub struct Siamese {
        left = Input(3);
        right = Input(3);
        tower = Dense(4, tanh);
        a = tower(left);
        b = tower(right);
        both = Concatenate()([a, b * 2]);
        same = Dense(2, softmax)(both);
        (same, distance = mean(square(a - b), axis = -1, keepdims = true))
    }
}

fn numbers(rows: usize, columns: usize, seed: usize) -> Array2<Float> {
    Array2::from_shape_fn((rows, columns), |(i, j)| {
        (((i * 7 + j * 3 + seed * 5) as f64 * 0.7).sin()) as Float
    })
}

fn siamese_data() -> (Array2<Float>, Array2<Float>, Array2<Float>, Array2<Float>) {
    let same = array![[1.0, 0.0], [0.0, 1.0], [1.0, 0.0], [0.0, 1.0]];
    (numbers(4, 3, 1), numbers(4, 3, 2), same, numbers(4, 1, 3))
}

#[test]
fn an_anonymous_model_learns_exclusive_or() -> Result<(), Error> {
    let mut net = model! {
        x = Input(2);
        h = Dense(8, tanh)(x);
        Dense(1, sigmoid)(h)
    };
    net.reset(3);
    let x = array![[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]].mapv(|x: f64| x as Float);
    let y = array![[0u8], [1], [1], [0]];
    let mut trainer =
        net.compile(Adam::new(0.05), "binary_crossentropy")?.with_metrics(["accuracy"])?;
    let history = trainer.fit(&x, &y, Fit::epochs(300).batch_size(4).verbose(0))?;
    assert_eq!(trainer.evaluate(&x, &y)?["accuracy"], 1.0);
    let losses = history.get("loss");
    assert_eq!(losses.len(), 300);
    assert!(losses[299] < losses[0] / 10.0);
    Ok(())
}

#[test]
fn several_inputs_and_outputs_have_names() -> Result<(), Error> {
    let (left, right, same, distance) = siamese_data();
    let losses: [Box<dyn Loss>; 2] =
        [Box::new(CategoricalCrossentropy::new()), Box::new(MeanSquaredError)];
    let [first, second] = losses;
    let mut trainer =
        Siamese::new(1).compile(SGD::new(0.1), SiameseOutputs { same: first, distance: second })?;
    let x = SiameseInputs { left: &left, right: &right };
    let y = SiameseOutputs { same: &same, distance: &distance };
    let logs = trainer.train_on_batch(x, y)?;
    let sum = logs["same_loss"] + logs["distance_loss"];
    assert!((logs["loss"] - sum).abs() < 1e-5, "{logs:?}");
    let outputs = trainer.predict(x)?;
    assert_eq!(outputs.same.shape(), [4, 2]);
    assert_eq!(outputs.distance.shape(), [4, 1]);
    Ok(())
}

/// The gradient of each weight, shared ones included, against central differences of the loss: a
/// step of plain SGD with rate 1 moves each weight by its gradient.
#[test]
fn gradients_of_a_whole_model_agree_with_differences() -> Result<(), Error> {
    let (left, right, same, distance) = siamese_data();
    let x = SiameseInputs { left: &left, right: &right };
    let y = SiameseOutputs { same: &same, distance: &distance };
    let trainer = |net: Siamese| {
        let same: Box<dyn Loss> = Box::new(CategoricalCrossentropy::new());
        let distance: Box<dyn Loss> = Box::new(MeanSquaredError);
        net.compile(SGD::new(1.0), SiameseOutputs { same, distance })
    };
    let mut stepped = trainer(Siamese::new(5))?;
    stepped.train_on_batch(x, y)?;
    let mut measured = trainer(Siamese::new(5))?;
    // Differences in f32 are coarse; with the feature f64 this is a sharp test.
    let double = std::mem::size_of::<Float>() == 8;
    let (step, tolerance): (Float, Float) = if double { (1e-5, 1e-7) } else { (1e-2, 2e-3) };
    let mut compared = 0;
    for ((path, before), (_, after)) in
        measured.model().parameters().into_iter().zip(stepped.model().parameters())
    {
        let start: ArrayD<Float> = before.get();
        let gradient = &start - &after.get();
        for (index, gradient) in gradient.iter().enumerate() {
            let mut loss_at = |offset: Float| -> Result<Float, Error> {
                let mut moved = start.clone();
                let element = moved.iter_mut().nth(index).expect("an element of the weight");
                *element += offset;
                before.set(&moved)?;
                measured.reset_metrics();
                Ok(measured.test_on_batch(x, y)?["loss"])
            };
            let numeric = (loss_at(step)? - loss_at(-step)?) / (2.0 * step);
            assert!((gradient - numeric).abs() < tolerance, "{path}: {gradient} and {numeric}");
            compared += 1;
        }
        before.set(&start)?;
    }
    assert_eq!(compared, 4 * 3 + 4 + 8 * 2 + 2);
    Ok(())
}

#[test]
fn one_seed_gives_the_same_bits() -> Result<(), Error> {
    let (x, y) = (numbers(40, 3, 1), numbers(40, 1, 2));
    let run = || -> Result<Vec<Float>, Error> {
        let net = model! {
            x = Input(3);
            h = Dropout(0.3)(Dense(8, relu)(x));
            Dense(1)(h)
        };
        let mut trainer = net.compile("adam", "mse")?;
        trainer.fit(&x, &y, Fit::epochs(3).batch_size(16).seed(9).verbose(0))?;
        let weights = trainer.model().parameters();
        Ok(weights.iter().flat_map(|(_, weight)| weight.get().into_iter()).collect())
    };
    assert_eq!(run()?, run()?);
    Ok(())
}

#[test]
fn a_new_layer_changes_no_others_weights() {
    let small = model! { x = Input(3); h = Dense(4, name = "h")(x); Dense(2, name = "out")(h) };
    let large = model! {
        x = Input(3);
        h = Dense(4, name = "h")(x);
        more = Dense(4, name = "more")(h);
        Dense(2, name = "out")(more)
    };
    let weights = |model: &dyn Model, path: &str| {
        let parameters = model.parameters();
        let (_, found) = parameters.iter().find(|(name, _)| name == path).expect("the path");
        found.get()
    };
    assert_eq!(weights(&small, "out.kernel"), weights(&large, "out.kernel"));
    assert_ne!(weights(&small, "out.kernel"), weights(&large, "more.kernel"));
}

#[test]
fn a_panic_in_a_closure_leaves_everything_usable() -> Result<(), Error> {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    let angry = Arc::new(AtomicBool::new(false));
    let mood = Arc::clone(&angry);
    let net = model! {
        x = Input(3);
        h = Lambda(|x| if mood.load(Ordering::Relaxed) { panic!("no") } else { x * 2 })(x);
        Dense(1)(h)
    };
    let mut trainer = net.compile(Adam::new(0.01), "mse")?;
    let (x, y) = (numbers(8, 3, 1), numbers(8, 1, 2));
    trainer.train_on_batch(&x, &y)?;
    let before: Vec<ArrayD<Float>> = weights(&trainer);
    angry.store(true, Ordering::Relaxed);
    assert!(catch_unwind(AssertUnwindSafe(|| trainer.train_on_batch(&x, &y))).is_err());
    assert_eq!(weights(&trainer), before);
    angry.store(false, Ordering::Relaxed);
    trainer.train_on_batch(&x, &y)?;
    assert_ne!(weights(&trainer), before);
    Ok(())
}

fn weights<M: Functional>(trainer: &Trainer<M>) -> Vec<ArrayD<Float>> {
    trainer.model().parameters().iter().map(|(_, weight)| weight.get()).collect()
}

#[test]
fn a_bad_batch_leaves_the_weights_bit_for_bit() -> Result<(), Error> {
    let net = model! { x = Input(3); Dense(1)(Dense(4, relu)(x)) };
    let mut trainer = net.compile(Adam::new(0.01), "mse")?;
    let (x, y) = (numbers(8, 3, 1), numbers(8, 1, 2));
    trainer.train_on_batch(&x, &y)?;
    let before = weights(&trainer);
    let mut bad = x.clone();
    bad[[5, 1]] = Float::NAN;
    let error = trainer.train_on_batch(&bad, &y).expect_err("a NaN").to_string();
    assert!(error.contains("NaN") && error.contains('x'), "{error}");
    let mut huge = x.clone();
    huge[[0, 0]] = Float::MAX;
    trainer.train_on_batch(&huge, &y).expect_err("a loss that is not finite");
    assert_eq!(weights(&trainer), before);

    // The next good batch is as if the bad ones had never been.
    let logs = trainer.train_on_batch(&x, &y)?;
    let mut other =
        model! { x = Input(3); Dense(1)(Dense(4, relu)(x)) }.compile(Adam::new(0.01), "mse")?;
    other.train_on_batch(&x, &y)?;
    assert_eq!(logs["loss"], other.train_on_batch(&x, &y)?["loss"]);
    assert_eq!(weights(&trainer), weights(&other));
    Ok(())
}

#[test]
fn losses_can_be_functions_and_closures() -> Result<(), Error> {
    fn generator_loss(y_true: Var, y_pred: Var) -> PerSample {
        (y_pred - y_true).abs().mean_per_sample()
    }
    let (x, y) = (numbers(8, 3, 1), numbers(8, 2, 2));
    let net = || model! { x = Input(3); Dense(2)(x) };
    let mut by_name = net().compile("sgd", "mae")?;
    let mut by_function = net().compile("sgd", generator_loss)?;
    let mut by_closure =
        net().compile("sgd", per_sample(|t, p| (p - t).abs().mean_per_sample()))?;
    let expected = by_name.train_on_batch(&x, &y)?["loss"];
    assert_eq!(by_function.train_on_batch(&x, &y)?["loss"], expected);
    assert_eq!(by_closure.train_on_batch(&x, &y)?["loss"], expected);

    // A loss never stretches one value to another.
    let column = y.sum_axis(Axis(1)).insert_axis(Axis(1));
    let error = by_closure.train_on_batch(&x, &column).expect_err("(2) and (1)").to_string();
    assert!(error.contains("in a loss, values are never stretched"), "{error}");
    Ok(())
}

#[test]
fn predictions_run_on_many_threads_at_once() -> Result<(), Error> {
    let net = Siamese::new(2);
    let (left, right, ..) = siamese_data();
    let expected = net.predict(SiameseInputs { left: &left, right: &right })?.same;
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..16)
            .map(|_| {
                scope.spawn(|| {
                    let x = SiameseInputs { left: &left, right: &right };
                    net.predict(x).map(|outputs| outputs.same)
                })
            })
            .collect();
        for thread in threads {
            assert_eq!(thread.join().expect("no panic"), Ok(expected.clone()));
        }
    });
    Ok(())
}

#[test]
fn bad_input_is_an_error_that_says_what_is_wrong() -> Result<(), Error> {
    let net = || {
        model! { image = Input(4); predictions = Dense(3, softmax)(image); }
    };
    let mut trainer = net().compile("adam", "sparse_categorical_crossentropy")?;
    let x = numbers(6, 4, 1);
    let y = array![0u8, 1, 2, 0, 1, 2];
    let check = |result: Result<(), Error>, parts: &[&str]| {
        let error = result.expect_err(parts[0]).to_string();
        for part in parts {
            assert!(error.contains(part), "{part} is not in: {error}");
        }
    };
    let mut fit = |x: &Array2<Float>, y: &Array1<u8>, batch_size: usize| {
        let options = Fit::epochs(1).batch_size(batch_size).verbose(0);
        trainer.fit(x, y, options).map(|_| ())
    };
    check(fit(&numbers(6, 5, 1), &y, 2), &["image", "(4)", "(5)"]);
    check(fit(&numbers(5, 4, 1), &y, 2), &["5", "6"]);
    check(fit(&numbers(0, 4, 1), &array![], 2), &["no samples"]);
    check(fit(&x, &y, 0), &["batch_size", "0"]);
    check(fit(&x, &array![0, 1, 3, 0, 1, 2], 2), &["3", "predictions"]);
    check(net().compile("adan", "mse").map(|_| ()), &["adan", "did you mean `adam`"]);
    check(net().compile("adam", "msee").map(|_| ()), &["msee", "did you mean `mse`"]);

    let mut one_hot = net().compile("adam", "categorical_crossentropy")?;
    let bad = array![[1.0, 1.0, 0.0]].mapv(|x: f64| x as Float);
    let x1 = numbers(1, 4, 1);
    check(one_hot.train_on_batch(&x1, &bad).map(|_| ()), &["predictions"]);
    let mut squared = net().compile("adam", "mse")?;
    check(squared.train_on_batch(&x, &numbers(6, 1, 1)).map(|_| ()), &["(3)", "(1)"]);
    Ok(())
}

#[test]
fn a_lambda_that_returns_another_shape_is_named() {
    let net = model! {
        x = Input(10);
        half = Lambda(|x| x.slice(s![.., ..5]), output_shape = (6));
        h = half(x);
        Dense(1)(h)
    };
    let error = net.predict(&numbers(2, 10, 1)).expect_err("5 is not 6").to_string();
    let sentence = "Lambda half declared output_shape (6), but returned (5) for an input of (10)";
    assert!(error.starts_with(sentence), "{error}");
}

#[test]
fn counts_and_shapes_are_constants() {
    const COUNT: Option<usize> = Siamese::GRAPH.parameters();
    assert_eq!(COUNT, Some(34));
    assert_eq!(Siamese::new(0).count_params(), 34);
    const SHAPE: Shape = Siamese::GRAPH.outputs[1].value.shape;
    assert_eq!(SHAPE.to_string(), "(1)");
}

#[test]
fn a_dense_on_an_image_is_legal_until_a_loss_wants_one_row() -> Result<(), Error> {
    let net = model! {
        image = Input(6, 6, 1);
        x = Conv2D(2, 3)(image);
        predictions = Dense(10, softmax)(x);
    };
    let (images, labels) = (ArrayD::<Float>::zeros(vec![4, 6, 6, 1]), Array1::<u8>::zeros(4));
    assert_eq!(net.predict(&images)?.shape(), [4, 4, 4, 10]);
    let mut trainer = net.compile(SGD::new(0.1), "sparse_categorical_crossentropy")?;
    let error = trainer.fit(&images, &labels, Fit::epochs(1).verbose(0)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the target of `predictions` has samples of the shape (), but \
         `sparse_categorical_crossentropy` takes (4, 4), as the output is (4, 4, 10)\n  help: a \
         Dense on an image keeps the axes and makes a row at each position; for one row a sample, \
         put `x = Flatten()(x)` or `x = GlobalAveragePooling2D()(x)` before it"
    );
    Ok(())
}
