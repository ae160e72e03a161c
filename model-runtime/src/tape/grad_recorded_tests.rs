//! Second derivatives of networks against finite differences of first ones, and the rules around
//! them.

use ndarray::{Array, ArrayD, Dimension, array};

use crate::gradcheck::random;
use crate::prelude::*;

fn array(dims: &[usize], seed: u64) -> ArrayD<Float> {
    random::<Float>(dims, seed).to_array()
}

/// How far differences may be off, as a part of the largest.
const TOLERANCE: Float = if size_of::<Float>() == 8 { 1e-6 } else { 2e-2 };

/// The differences of a number by each element.
fn differences<D: Dimension>(
    at: &Array<Float, D>,
    mut f: impl FnMut(&Array<Float, D>) -> Float,
) -> Vec<Float> {
    let step: Float = if size_of::<Float>() == 8 { 1e-4 } else { 1e-2 };
    let slope = |element: usize| {
        let mut moved = |by: Float| {
            let mut at = at.clone();
            if let Some(x) = at.iter_mut().nth(element) {
                *x += by * step;
            }
            f(&at)
        };
        let (near, far) = (moved(1.0) - moved(-1.0), moved(2.0) - moved(-2.0));
        (8.0 * near - far) / (12.0 * step)
    };
    (0..at.len()).map(slope).collect()
}

#[track_caller]
fn close(what: &str, found: &[Float], expected: &[Float]) {
    assert_eq!(found.len(), expected.len());
    let scale = expected.iter().fold(1e-2, |max: Float, x| max.max(x.abs()));
    let worst = found.iter().zip(expected).map(|(a, b)| (a - b).abs()).fold(0.0, Float::max);
    assert!(worst < TOLERANCE * scale, "{what}: {found:?} recorded, {expected:?} by differences");
}

/// The gradient by each weight of a number against differences.
fn check_weights(net: &impl Model, number: impl Fn() -> Var) {
    for path in net.weights() {
        if !path.is_trainable() {
            continue;
        }
        let found = tape::run(Mode::Training, || tape::backward(number()).take(path)).unwrap();
        let found = found.unwrap_or_else(|| vec![0.0; path.shape().size().unwrap()]);
        let start = path.get();
        let expected = differences(&start, |moved| {
            path.set(moved).unwrap();
            tape::run(Mode::Training, || number().to_array().sum()).unwrap()
        });
        path.set(&start).unwrap();
        close("a weight", &found, &expected);
    }
}
