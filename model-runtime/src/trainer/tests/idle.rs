//! Weights that the loss does not depend on are told once.

use std::sync::{Arc, Mutex};

use ndarray::array;

use super::models::{Fork, ForkOutputs};
use crate::callbacks::LambdaCallback;
use crate::*;

/// What `fit` prints after each batch.
fn lines_of(losses: ForkOutputs<Option<&str>>) -> Vec<String> {
    let (x, y) = (array![[1.0, 2.0], [3.0, 4.0]], array![[1.0], [2.0]]);
    let targets = || ForkOutputs { left: &y, right: &y };
    let mut trainer = Fork::new(1).compile("sgd", losses).unwrap();
    let lines = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&lines);
    let see = move |trainer: &mut Trainer<Fork>, _: usize, _: &Logs| {
        seen.lock().unwrap().extend(trainer.core.running.take_lines());
        Ok(())
    };
    let fit = Fit::epochs(2).batch_size(1).verbose(0);
    let fit = fit.callback(LambdaCallback::new().on_train_batch_end(see));
    trainer.fit(&x, targets(), fit).unwrap();
    lines.lock().unwrap().clone()
}

#[test]
fn weights_without_gradient_are_told_once_by_path() {
    let lines = lines_of(ForkOutputs { left: Some("mse"), right: None });
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].contains("does not depend on `right.kernel`, `right.bias`,"), "{lines:?}");
    assert!(!lines[0].contains("left"), "{lines:?}");
}

#[test]
fn nothing_is_told_where_all_weights_learn() {
    let lines = lines_of(ForkOutputs { left: Some("mse"), right: Some("mae") });
    assert_eq!(lines, [""; 0]);
}
