//! Batches that are made on the way.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use ndarray::{Array2, Axis, array, s};

use crate::prelude::*;

model! {
    struct Line { x = Input(2); y = Dense(1)(x); }
}

fn data(samples: usize) -> (Array2<Float>, Array2<Float>) {
    let x = Array2::from_shape_fn((samples, 2), |(i, j)| ((7 * i + 3 * j) % 5) as Float / 5.0);
    let y = x.sum_axis(Axis(1)).insert_axis(Axis(1));
    (x, y)
}

fn trainer() -> Trainer<Line> {
    Line::new(1).compile(Adam::new(0.01), "mse").unwrap()
}

fn quiet<'a>(epochs: usize) -> Fit<'a, Line> {
    Fit::epochs(epochs).verbose(0)
}

fn weights(trainer: &Trainer<Line>) -> Vec<ndarray::ArrayD<Float>> {
    trainer.model().get_weights()
}

fn batch(x: &Array2<Float>, y: &Array2<Float>, i: usize) -> Batch<'static, Line> {
    let end = (4 * i + 4).min(x.nrows());
    let rows = s![4 * i..end, ..];
    Batch::new(x.slice(rows).to_owned(), y.slice(rows).to_owned())
}

fn says(result: Result<History, Error>) -> String {
    result.expect_err("a mistake").to_string()
}

#[test]
fn batches_train_as_the_array_does_with_the_last_one_partial() {
    let (x, y) = data(10);
    let options = || quiet(3).batch_size(4).validation_data(&x, &y);
    let mut whole = trainer();
    let expected = whole.fit(&x, &y, options().shuffle(false)).unwrap();
    for prefetch in [0, 1, 50] {
        let mut parts = trainer();
        let epochs = Batches::epochs(|_| (0..3).map(|i| batch(&x, &y, i))).prefetch(prefetch);
        assert_eq!(parts.fit_batches(epochs, options()).unwrap(), expected);
        assert_eq!(weights(&parts), weights(&whole));
    }
    // One iterator over all epochs, and iterators that end within epochs.
    let mut single = trainer();
    let endless = (0..).map(|i| batch(&x, &y, i % 3));
    let history = single.fit_batches(Batches::new(endless), options().steps_per_epoch(3));
    assert_eq!(history.unwrap(), expected);
    let mut short = trainer();
    let runs = Batches::epochs(|run| std::iter::once(batch(&x, &y, run % 3)));
    assert_eq!(short.fit_batches(runs, options().steps_per_epoch(3)).unwrap(), expected);
    assert_eq!(weights(&short), weights(&whole));
}

#[test]
fn weights_of_samples_and_classes_count() {
    let (x, y) = data(4);
    let y = y.mapv(|y| if y > 0.5 { 1.0 } else { 0.0 });
    let weight = array![1.0, 0.5, 0.0, 2.0];
    let classes = [(0, 3.0)];
    let mut whole = trainer();
    let options = quiet(2).class_weight(classes).sample_weight(&weight).shuffle(false);
    let expected = whole.fit(&x, &y, options).unwrap();
    let mut parts = trainer();
    let batches = Batches::epochs(|_| [batch(&x, &y, 0).sample_weight(weight.clone())]);
    let history = parts.fit_batches(batches, quiet(2).class_weight(classes)).unwrap();
    assert_eq!((history, weights(&parts)), (expected, weights(&whole)));
}

#[test]
fn an_error_or_a_panic_ends_training_after_the_last_batch() {
    let (x, y) = data(10);
    let mut expected = trainer();
    let two = [batch(&x, &y, 0), batch(&x, &y, 1)];
    expected.fit_batches(Batches::new(two.clone()), quiet(1)).unwrap();

    let mut failing = trainer();
    let given = two.clone().map(Ok).into_iter().chain([Err("the disk is gone")]);
    let said = says(failing.fit_batches(Batches::new(given), quiet(1)));
    assert_eq!(said, "there are no more batches: the disk is gone");
    assert_eq!(weights(&failing), weights(&expected));

    let mut panicking = trainer();
    let given = (0..).map(|i| if i < 2 { batch(&x, &y, i) } else { panic!("batch {i}") });
    let said = says(panicking.fit_batches(Batches::new(given), quiet(1)));
    assert!(said.ends_with("what makes them has panicked: batch 2"), "{said}");
    assert_eq!(weights(&panicking), weights(&expected));

    let mut panicking_at_once = trainer();
    let none = Batches::epochs(|_| -> [Batch<'static, Line>; 0] { panic!("no file") });
    let said = says(panicking_at_once.fit_batches(none, quiet(1)));
    assert!(said.ends_with("has panicked: no file"), "{said}");

    // All of them can be used as if nothing had happened.
    for trainer in [&mut failing, &mut panicking, &mut panicking_at_once] {
        trainer.fit(&x, &y, quiet(1)).unwrap();
        trainer.fit_batches(Batches::new(two.clone()), quiet(1)).unwrap();
    }
}

#[test]
fn a_batch_that_does_not_fit_is_the_error_of_fit() {
    let (x, y) = data(10);
    let mut trainer = trainer();
    let wrong = Batch::new(Array2::<Float>::zeros((4, 3)), Array2::<Float>::zeros((4, 1)));
    let said = says(trainer.fit_batches(Batches::new([batch(&x, &y, 0), wrong]), quiet(1)));
    assert!(
        said.starts_with(
            "batch 2 of the iterator: the input `x` has samples of the shape (3), but"
        ),
        "{said}"
    );
    let uneven = Batch::new(x.slice(s![..2, ..]).to_owned(), y.slice(s![..3, ..]).to_owned());
    let said = says(trainer.fit_batches(Batches::new([uneven]), quiet(1)));
    assert!(
        said.starts_with("batch 1 of the iterator: the input `x` has 2 samples, but"),
        "{said}"
    );
}

#[test]
fn the_batch_that_is_wrong_is_named_also_after_others_and_in_a_prediction() {
    let (x, y) = data(4);
    let mut wrong = x.clone();
    wrong[[1, 0]] = Float::NAN;
    // The second iterator has it, in its third batch.
    let batches = Batches::epochs(|epoch| {
        let of = |i| if epoch == 1 && i == 2 { &wrong } else { &x };
        (0..3).map(|i| Batch::new(of(i).clone(), y.clone())).collect::<Vec<_>>()
    });
    let expected = "batch 3 of the iterator: the input `x` has NaN in sample 1";
    let said = says(trainer().fit_batches(batches, quiet(3)));
    assert!(said.starts_with(expected), "{said}");
    let batches = Batches::new([&x, &x, &wrong].map(|x| Batch::of_inputs(x.clone())));
    let said = trainer().predict_batches(batches, Predict::default()).unwrap_err().to_string();
    assert!(said.starts_with(expected), "{said}");
}

#[test]
fn a_source_that_is_endless_ends_with_fit_and_makes_few_batches_too_many() {
    let (x, y) = data(10);
    let made = Arc::new(AtomicUsize::new(0));
    let counted = || {
        let made = Arc::clone(&made);
        made.store(0, Ordering::Relaxed);
        let (x, y) = (x.clone(), y.clone());
        Batches::new(std::iter::from_fn(move || {
            made.fetch_add(1, Ordering::Relaxed);
            Some(batch(&x, &y, 0))
        }))
    };
    let mut trainer = trainer();
    trainer.fit_batches(counted().prefetch(3), quiet(2).steps_per_epoch(5)).unwrap();
    assert!((10..=14).contains(&made.load(Ordering::Relaxed)), "{made:?}");
    // Also when fit ends with an error, here before it begins, and one in a callback.
    let said = says(trainer.fit_batches(counted(), quiet(1).validation_data(&x, &x)));
    assert!(said.starts_with("the target of `y`"), "{said}");
    let panics = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        trainer.add_loss("stop", |_| panic!("a term")).unwrap();
        trainer.fit_batches(counted(), quiet(1).steps_per_epoch(5))
    }));
    assert!(panics.is_err());
}

#[test]
fn too_few_batches_are_named() {
    let (x, y) = data(10);
    let mut trainer = trainer();
    let two = || [batch(&x, &y, 0), batch(&x, &y, 1)];
    let said = says(trainer.fit_batches(Batches::new(two()), quiet(2)));
    assert!(said.starts_with("`steps_per_epoch` is left out, but must be given"), "{said}");
    let said = says(trainer.fit_batches(Batches::new(two()), quiet(1).steps_per_epoch(3)));
    assert!(said.contains("the iterator has ended before `steps_per_epoch`"), "{said}");
    let none = || Batches::epochs(|_| std::iter::empty::<Batch<'static, Line>>());
    let said = says(trainer.fit_batches(none(), quiet(1)));
    assert!(said.ends_with("the iterator has given none"), "{said}");
    let said = says(trainer.fit_batches(none(), quiet(1).steps_per_epoch(2)));
    assert!(said.ends_with("the iterator has given none"), "{said}");
    let said = says(trainer.fit_batches(Batches::new(two()), quiet(1).validation_split(0.5)));
    assert!(said.contains("give validation_data"), "{said}");
}
