//! Arguments of `fit`, `evaluate` and `predict` that no other test is about, with their defaults.

use std::cell::RefCell;

use ndarray::{Array2, Axis, array, s};

use crate::prelude::*;

model! {
    struct Line { x = Input(2); y = Dense(1)(x); }
}

fn data(samples: usize) -> (Array2<Float>, Array2<Float>) {
    let x = Array2::from_shape_fn((samples, 2), |(i, j)| ((7 * i + 3 * j) % 5) as Float / 5.0);
    let y = x.map_axis(Axis(1), |row| row[0] - 2.0 * row[1]).insert_axis(Axis(1));
    (x, y)
}

fn trainer() -> Trainer<Line> {
    Line::new(1).compile(SGD::new(0.1), "mse").unwrap()
}

/// The squared error of each sample, and their mean with weights over the number of samples.
fn loss(trainer: &Trainer<Line>, x: &Array2<Float>, y: &Array2<Float>, w: &[Float]) -> Float {
    let errors = trainer.predict(x).unwrap() - y;
    errors.iter().zip(w).map(|(e, w)| w * e * e).sum::<Float>() / w.len() as Float
}

fn near(got: Float, expected: Float) {
    assert!((got - expected).abs() < 1e-6, "{got} and not {expected}");
}

#[test]
fn one_epoch_of_32_samples_at_a_time_is_the_default() {
    let (x, y) = data(70);
    let mut trainer = trainer();
    let history = trainer.fit(&x, &y, Fit::default().verbose(0)).unwrap();
    assert_eq!((history.epochs, trainer.state().steps), (vec![0], 3));
    let sizes = RefCell::new(Vec::new());
    let counts = || {
        LambdaCallback::<Line>::new().on_predict_batch_end(|_, _, outputs| {
            sizes.borrow_mut().push(outputs.shape()[0]);
            Ok(())
        })
    };
    trainer.predict_with(&x, Predict::default().callback(counts())).unwrap();
    assert_eq!(sizes.take(), [32, 32, 6]);
    let counts = LambdaCallback::<Line>::new().on_test_batch_begin(|_, batch| {
        sizes.borrow_mut().push(batch);
        Ok(())
    });
    trainer.evaluate_with(&x, &y, Evaluate::default().callback(counts)).unwrap();
    assert_eq!(sizes.take(), [0, 1, 2]);
}

#[test]
fn steps_of_an_epoch_are_the_first_of_its_order() {
    let (x, y) = data(12);
    let options = || Fit::epochs(3).batch_size(4).shuffle(false).verbose(0);
    let mut short = trainer();
    short.fit(&x, &y, options().steps_per_epoch(2)).unwrap();
    let mut first = trainer();
    let (x8, y8) = (x.slice(s![..8, ..]), y.slice(s![..8, ..]));
    first.fit(x8, y8, options()).unwrap();
    assert_eq!(short.state(), first.state());
    assert_eq!(short.model().get_weights(), first.model().get_weights());
    // There are no more steps than samples give.
    let mut long = trainer();
    long.fit(&x, &y, options().steps_per_epoch(100)).unwrap();
    assert_eq!(long.state().steps, 9);
}

#[test]
fn validation_has_weights_steps_and_batches_of_its_own() {
    let (x, y) = data(10);
    let weights = array![1.0, 0.0, 2.0, 0.5, 1.0, 3.0, 0.0, 1.0, 1.0, 1.0];
    let w = weights.mapv(|w: f64| w as Float).to_vec();
    let options = || Fit::epochs(1).batch_size(5).validation_data(&x, &y).verbose(0);
    let validates = |options: Fit<'_, Line>| {
        let mut trainer = trainer();
        let history = trainer.fit(&x, &y, options).unwrap();
        (history["val_loss"][0], trainer)
    };
    let (got, trainer) = validates(options());
    near(got, loss(&trainer, &x, &y, &[1.0; 10]));
    // They count nowhere else.
    let (got, weighted) = validates(options().validation_sample_weight(&weights));
    assert_eq!(weighted.model().get_weights(), trainer.model().get_weights());
    near(got, loss(&trainer, &x, &y, &w));

    let first = |samples: usize| {
        let (x, y) = (x.slice(s![..samples, ..]), y.slice(s![..samples, ..]));
        loss(&trainer, &x.to_owned(), &y.to_owned(), &vec![1.0; samples])
    };
    near(validates(options().validation_steps(1)).0, first(5));
    near(validates(options().validation_steps(2).validation_batch_size(3)).0, first(6));
    near(validates(options().validation_steps(100)).0, first(10));
    let batches = Batches::epochs(|_| {
        (0..5).map(|i| {
            let rows = s![2 * i..2 * i + 2, ..];
            Batch::new(x.slice(rows).to_owned(), y.slice(rows).to_owned())
        })
    });
    let options = Fit::epochs(1).batch_size(5).verbose(0).validation_batches(batches);
    near(validates(options.validation_steps(3)).0, first(6));
}

#[test]
fn arguments_of_validation_that_make_no_sense_are_errors() {
    let (x, y) = data(4);
    let says = |options: Fit<'_, Line>| {
        let result = trainer().fit(&x, &y, options.verbose(0));
        result.unwrap_err().to_string()
    };
    let given = || Fit::epochs(1).validation_data(&x, &y);
    let text = says(given().validation_sample_weight(array![1.0, 2.0]));
    assert!(text.contains("has 4 samples, but the array of sample weights has 2"), "{text}");
    let text = says(Fit::epochs(1).validation_sample_weight(array![1.0]));
    assert!(text.ends_with("must be left out where there is no validation_data"), "{text}");
    assert!(says(given().validation_steps(0)).starts_with("`validation_steps` is 0"));
    assert!(says(given().validation_batch_size(0)).starts_with("`validation_batch_size` is 0"));
}
