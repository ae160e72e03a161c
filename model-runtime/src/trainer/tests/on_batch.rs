//! Weights of the samples of a single step, against what is computed by hand.

use ndarray::{Array2, array};

use crate::prelude::*;

model! {
    struct Line { x = Input(2); dense = Dense(1, kernel_initializer = zeros); y = dense(x); }
    struct Classes {
        x = Input(1);
        dense = Dense(3, softmax, kernel_initializer = zeros);
        y = dense(x);
    }
    struct Two {
        x = Input(2);
        first = Dense(1, kernel_initializer = zeros)(x);
        second = Dense(1, kernel_initializer = zeros)(x);
        (first, second)
    }
}

const X: [[Float; 2]; 4] = [[1.0, 0.0], [0.0, 1.0], [1.0, 1.0], [2.0, -1.0]];
const Y: [Float; 4] = [1.0, -2.0, 4.0, 3.0];
const W: [Float; 4] = [1.0, 0.5, 0.0, 2.0];

fn data() -> (Array2<Float>, Array2<Float>) {
    (Array2::from(X.to_vec()), Array2::from_shape_fn((4, 1), |(i, _)| Y[i]))
}

fn near(got: Float, expected: Float) {
    assert!((got - expected).abs() < 1e-6, "{got} and not {expected}");
}

/// The mean over the samples of `weight · term`, as Keras's losses have it.
fn mean(term: impl Fn(usize) -> Float) -> Float {
    (0..4).map(|i| W[i] * term(i)).sum::<Float>() / 4.0
}

#[test]
fn weights_of_samples_count_in_a_step_and_in_a_test() {
    let (x, y) = data();
    let net = Line::new(0).compile(SGD::new(0.1), "mse").unwrap();
    let mut trainer = net.with_metrics(["mae"]).unwrap().with_weighted_metrics(["mae"]).unwrap();
    let weights = || OnBatch::default().sample_weight(array![1.0, 0.5, 0.0, 2.0]);
    // All predictions are 0.
    let tested = trainer.test_on_batch_with(&x, &y, weights()).unwrap();
    near(tested["loss"], mean(|i| Y[i] * Y[i]));
    near(tested["mae"], 10.0 / 4.0);
    near(tested["weighted_mae"], (1.0 + 1.0 + 6.0) / 3.5);
    let trained = trainer.train_on_batch_with(&x, &y, weights()).unwrap();
    assert_eq!(trained, tested);
    let weight = |path| trainer.model().weight(path).unwrap().get();
    let (kernel, bias) = (weight("dense.kernel"), weight("dense.bias"));
    for j in 0..2 {
        near(kernel[[j, 0]], 0.1 * mean(|i| 2.0 * Y[i] * X[i][j]));
    }
    near(bias[0], 0.1 * mean(|i| 2.0 * Y[i]));
}

#[test]
fn weights_of_classes_count_in_a_step_on_top_of_those_of_samples() {
    let x = array![[1.0], [2.0], [3.0], [4.0]];
    let labels = array![0_u8, 2, 1, 2];
    let one_hot = array![[1, 0, 0], [0, 0, 1], [0, 1, 0], [0, 0, 1]];
    let classes = || OnBatch::default().class_weight([(2, 3.0)]);
    let both = || classes().sample_weight(array![1.0, 0.5, 0.0, 2.0]);
    for loss in ["sparse_categorical_crossentropy", "categorical_crossentropy"] {
        for (weights, total, of_two) in [
            (classes(), 8.0, 6.0),
            // 1 · 1 + 0.5 · 3 + 0 · 1 + 2 · 3
            (both(), 8.5, 7.5),
        ] {
            let mut trainer = Classes::new(0).compile(SGD::new(1.0), loss).unwrap();
            let logs = match loss {
                "categorical_crossentropy" => trainer.train_on_batch_with(&x, &one_hot, weights),
                _ => trainer.train_on_batch_with(&x, &labels, weights),
            };
            let third: Float = 3.0;
            near(logs.unwrap()["loss"], total / 4.0 * third.ln());
            // The gradient of a logit is `weight · (probability - target)`.
            let bias = trainer.model().weight("dense.bias").unwrap().get();
            near(bias[2], (of_two - total / 3.0) / 4.0);
        }
    }
}

#[test]
fn without_weights_a_step_is_the_plain_one() {
    let (x, y) = data();
    let trainer = || Line::new(0).compile(SGD::new(0.1), "mse").unwrap();
    let (mut plain, mut with) = (trainer(), trainer());
    let logs = plain.train_on_batch(&x, &y).unwrap();
    assert_eq!(with.train_on_batch_with(&x, &y, OnBatch::default()), Ok(logs));
    assert_eq!(plain.model().get_weights(), with.model().get_weights());
}

#[test]
fn weights_that_do_not_fit_are_errors_that_change_nothing() {
    let (x, y) = data();
    let mut trainer = Line::new(0).compile(SGD::new(0.1), "mse").unwrap();
    let before = trainer.model().get_weights();
    let weights = |w: Vec<f64>| OnBatch::default().sample_weight(ndarray::Array1::from(w));
    for (weights, expected) in [
        (weights(vec![1.0; 3]), "`x` has 4 samples, but the array of sample weights has 3\n"),
        (weights(vec![1.0, -1.0, 1.0, 1.0]), "`sample_weight` is -1, but must be"),
        (weights(vec![1.0, 1.0, f64::NAN, 1.0]), "the array of sample weights has NaN in sample 2"),
        (
            OnBatch::default().sample_weight(array![[1.0, 2.0], [1.0, 2.0]]),
            "the array of sample weights has samples of the shape (2)",
        ),
    ] {
        let said = trainer.train_on_batch_with(&x, &y, weights.clone()).unwrap_err().to_string();
        assert!(said.contains(expected), "{said}");
        let said = trainer.test_on_batch_with(&x, &y, weights).unwrap_err().to_string();
        assert!(said.contains(expected), "{said}");
    }
    let classes = || OnBatch::default().class_weight([(1, 2.0)]);
    // -2 is no class.
    let said = trainer.train_on_batch_with(&x, &y, classes()).unwrap_err().to_string();
    assert!(said.starts_with("`class_weight` is given, but must be left out where"), "{said}");
    let said = trainer.test_on_batch_with(&x, &y, classes()).unwrap_err().to_string();
    let expected = "`class_weight` is given, but must be left out where nothing is trained; use \
                    sample_weight";
    assert_eq!(said, expected);
    let negative = OnBatch::default().class_weight([(1, -2.0)]);
    let said = trainer.train_on_batch_with(&x, &y, negative).unwrap_err().to_string();
    assert!(said.starts_with("`class_weight` is -2"), "{said}");
    assert_eq!(trainer.model().get_weights(), before);
    assert_eq!(trainer.state().steps, 0);

    let losses = TwoOutputs { first: "mse", second: "mse" };
    let mut two = Two::new(0).compile("sgd", losses).unwrap();
    let y = TwoOutputs { first: &y, second: &y };
    let said = two.train_on_batch_with(&x, y, classes()).unwrap_err().to_string();
    assert!(said.contains("several outputs; use sample_weight"), "{said}");
}
