//! A step that fails leaves nothing behind.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::models::{Net, bits};
use super::{line, xor};
use crate::*;

/// The squared error; in the chosen call it does something else.
fn failing(at: usize, fail: fn(Var, Var) -> PerSample) -> impl Loss + 'static {
    let calls = Arc::new(AtomicUsize::new(0));
    per_sample(move |t, p| match calls.fetch_add(1, Ordering::Relaxed) {
        call if call == at => fail(t, p),
        _ => (p - t).square().mean_per_sample(),
    })
}

/// Trains three steps, the second of which fails, then compares with a training that never failed.
#[track_caller]
fn leaves_nothing(fail: fn(Var, Var) -> PerSample, expected: fn(&Error) -> bool) {
    let (x, y) = xor();
    let mut trainer = Net::classifier(1).compile("adam", failing(1, fail)).unwrap();
    trainer = trainer.with_metrics(["mae"]).unwrap();
    let mut clean = Net::classifier(1).compile("adam", "mse").unwrap();
    clean = clean.with_metrics(["mae"]).unwrap();
    trainer.train_on_batch(&x, &y).unwrap();
    clean.train_on_batch(&x, &y).unwrap();
    let before = bits(trainer.model());
    let error = trainer.train_on_batch(&x, &y).unwrap_err();
    assert!(expected(&error), "{error:?}");
    assert_eq!(bits(trainer.model()), before);
    assert_eq!(trainer.train_on_batch(&x, &y), clean.train_on_batch(&x, &y));
    assert_eq!(bits(trainer.model()), bits(clean.model()));
}

#[test]
fn a_loss_that_is_not_finite() {
    leaves_nothing(
        |t, p| ((p - t) / 0).mean_per_sample(),
        |error| matches!(error, Error::LossNotFinite { at: None, .. }),
    );
}

#[test]
fn a_gradient_that_is_not_finite() {
    // The root of 0 is 0, but its slope is infinite.
    leaves_nothing(
        |_, p| (p - p).sqrt().mean_per_sample(),
        |error| match error {
            Error::GradientNotFinite { weight, .. } => weight == "first.kernel",
            _ => false,
        },
    );
}

#[test]
fn shapes_that_do_not_fit() {
    leaves_nothing(
        |t, p| (p - t.flatten().reshape(&[2, 2])).mean_per_sample(),
        |error| matches!(error, Error::Shape { .. }),
    );
}

#[test]
fn a_panic() {
    let (x, y) = line();
    let loss = failing(1, |_, _| panic!("in the loss"));
    let mut trainer = Net::classifier(1).compile("adam", loss).unwrap();
    trainer.train_on_batch(&x, &y).unwrap();
    let before = bits(trainer.model());
    let result = catch_unwind(AssertUnwindSafe(|| trainer.train_on_batch(&x, &y)));
    assert!(result.is_err());
    assert_eq!(bits(trainer.model()), before);
    trainer.train_on_batch(&x, &y).unwrap();
    assert_ne!(bits(trainer.model()), before);
}

#[test]
fn fit_says_which_batch_has_failed_and_keeps_those_before() {
    let (x, y) = line();
    let loss = failing(7, |t, p| ((p - t) / 0).mean_per_sample());
    let mut trainer = Net::classifier(1).compile("adam", loss).unwrap();
    let options = || Fit::epochs(3).batch_size(8).verbose(0);
    let error = trainer.fit(&x, &y, options()).unwrap_err();
    let text = error.to_string();
    assert!(text.contains(" in epoch 2 at batch 3; the weights are as they were"), "{text}");
    trainer.fit(&x, &y, options()).unwrap();
}
