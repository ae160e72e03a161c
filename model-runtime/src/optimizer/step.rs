//! What an optimizer is told of a step, and what it remembers.

use std::cell::Cell;

use crate::Float;
use crate::float::Scalar;

/// When an update happens, and how far it goes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    pub(super) number: u64,
    pub(super) rate: f64,
}

impl Step {
    /// The update of this number, counted from 1, with this learning rate: to call
    /// [`Optimizer::update`](super::Optimizer::update) outside of a training, as in a test.
    ///
    /// ```
    /// use model_runtime::optimizer::Step;
    /// use model_runtime::prelude::*;
    /// let (step, mut weight) = (Step::new(1, 0.5), [1.0]);
    /// SGD::new(0.5).update(&step, &mut weight, &[0.5], &mut []);
    /// assert_eq!(weight, [1.0 - 0.5 * 0.5]);
    /// assert_eq!((step.number(), step.learning_rate()), (1, 0.5));
    /// ```
    pub fn new(number: u64, learning_rate: f64) -> Step {
        Step { number, rate: learning_rate }
    }

    /// The number of this update, counted from 1: Keras's `iterations + 1`.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// How far the update goes.
    pub fn learning_rate(&self) -> Float {
        Float::of(self.rate)
    }
}

/// `base` to the power of `number`, that of a step. All weights of a step ask for the same few
/// powers, so those that were asked for last are kept.
pub(super) fn power(base: f64, number: u64) -> f64 {
    /// What a power is of, and what it is.
    type Known = ((u64, u64), f64);
    thread_local! {
        static KNOWN: Cell<[Known; 8]> = const { Cell::new([((0, 0), 1.0); 8]) };
    }
    let (of, mut known) = ((base.to_bits(), number), KNOWN.get());
    if let Some((_, power)) = known.iter().find(|(other, _)| *other == of) {
        return *power;
    }
    let power = libm::pow(base, number as f64);
    known.rotate_right(1);
    known[0] = (of, power);
    KNOWN.set(known);
    power
}

/// One number that an optimizer remembers for each number of a weight.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Slot {
    /// Keras's name, such as `momentum`.
    pub name: &'static str,
    /// What it is before the first step.
    pub initial: Float,
}

impl Slot {
    /// A slot that starts at 0.
    pub fn zeros(name: &'static str) -> Slot {
        Slot { name, initial: 0.0 }
    }
}
