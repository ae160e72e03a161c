use super::{LearningRate, Optimizer, Options, Slot, Step, at_least_0, elementwise};
use crate::float::{Scalar, written};
use crate::kernels::kernel;
use crate::{Error, Float};

/// Gradients divided by the root of the sum of their squares so far ([Duchi et al.,
/// 2011](https://www.jmlr.org/papers/v12/duchi11a.html)); [Keras's
/// `Adagrad`](https://keras.io/api/optimizers/adagrad/).
///
/// `a += g²`, then `w -= lr · g / √(a + ε)`.
#[derive(Clone, Debug)]
pub struct Adagrad {
    options: Options,
    initial_accumulator_value: f64,
    epsilon: f64,
}

impl Default for Adagrad {
    /// With a learning rate of 0.001.
    fn default() -> Adagrad {
        Adagrad::new(0.001)
    }
}

impl Adagrad {
    /// With this learning rate, a number or a [schedule](super::schedule), and Keras's defaults.
    pub fn new(learning_rate: impl Into<LearningRate>) -> Adagrad {
        Adagrad {
            options: Options::new(learning_rate),
            initial_accumulator_value: 0.1,
            epsilon: 1e-7,
        }
    }

    /// What the sums of squares start from; 0.1 by default.
    pub fn initial_accumulator_value(mut self, initial_accumulator_value: Float) -> Adagrad {
        self.initial_accumulator_value = written(initial_accumulator_value);
        self
    }

    /// What is added so that nothing is divided by 0; 1e-7 by default.
    pub fn epsilon(mut self, epsilon: Float) -> Adagrad {
        self.epsilon = written(epsilon);
        self
    }

    pub(super) fn pass<T: Scalar>(
        &self,
        step: &Step,
        weight: &mut [T],
        gradient: &[T],
        slots: &mut [&mut [T]],
    ) {
        let [sum] = slots else { return };
        adagrad(weight, gradient, sum, T::of(step.rate), T::of(self.epsilon));
    }
}

kernel! {
    fn adagrad<T: Scalar>(w: &mut [T], g: &[T], a: &mut [T], rate: T, epsilon: T) in (w.len()) {
        for ((w, g), a) in w.iter_mut().zip(g).zip(a.iter_mut()) {
            *a += *g * *g;
            *w -= rate * *g / (*a + epsilon).sqrt();
        }
    }
}

impl Optimizer for Adagrad {
    elementwise!("adagrad");

    fn slots(&self) -> Vec<Slot> {
        let initial = Float::of(self.initial_accumulator_value);
        vec![Slot { name: "accumulator", initial }]
    }

    fn bound(&self, step: &Step, gradient: f64, weight: &mut f64, slots: &mut [f64]) {
        let [sum] = slots else { return };
        *sum += gradient * gradient;
        *weight += step.rate * gradient / self.epsilon.sqrt().min(1.0);
    }

    fn check(&self) -> Result<(), Error> {
        at_least_0("initial_accumulator_value", self.initial_accumulator_value)?;
        at_least_0("epsilon", self.epsilon)
    }
}
