use super::{LearningRate, Optimizer, Options, Slot, Step, above_0, below_1, elementwise, up_to_1};
use crate::float::{Scalar, written};
use crate::kernels::kernel;
use crate::{Error, Float};

/// Steps of one length, whose direction is the sign of a mean of the gradients ([Chen et al.,
/// 2023](https://arxiv.org/abs/2302.06675)); [Keras's
/// `Lion`](https://keras.io/api/optimizers/lion/).
///
/// `w -= lr · sign(β₁ · m + (1 - β₁) · g)`, then `m = β₂ · m + (1 - β₂) · g`. The sign of 0 is 0.
#[derive(Clone, Debug)]
pub struct Lion {
    options: Options,
    beta_1: f64,
    beta_2: f64,
}

impl Default for Lion {
    /// With a learning rate of 0.001.
    fn default() -> Lion {
        Lion::new(0.001)
    }
}

impl Lion {
    /// With this learning rate, a number or a [schedule](super::schedule), and Keras's defaults.
    pub fn new(learning_rate: impl Into<LearningRate>) -> Lion {
        Lion { options: Options::new(learning_rate), beta_1: 0.9, beta_2: 0.99 }
    }

    /// How much the mean counts against the gradient, above 0 up to 1; 0.9 by default.
    pub fn beta_1(mut self, beta_1: Float) -> Lion {
        self.beta_1 = written(beta_1);
        self
    }

    /// How slowly the mean of the gradients changes, from 0 to below 1; 0.99 by default.
    pub fn beta_2(mut self, beta_2: Float) -> Lion {
        self.beta_2 = written(beta_2);
        self
    }

    pub(super) fn pass<T: Scalar>(
        &self,
        step: &Step,
        weight: &mut [T],
        gradient: &[T],
        slots: &mut [&mut [T]],
    ) {
        let numbers =
            [step.rate, self.beta_1, 1.0 - self.beta_1, self.beta_2, 1.0 - self.beta_2].map(T::of);
        let [mean] = slots else { return };
        lion(weight, gradient, mean, numbers);
    }
}

kernel! {
    fn lion<T: Scalar>(w: &mut [T], g: &[T], m: &mut [T], numbers: [T; 5]) in (w.len()) {
        let [rate, beta_1, one_less_1, beta_2, one_less_2] = numbers;
        for ((w, g), m) in w.iter_mut().zip(g).zip(m.iter_mut()) {
            let direction = *m * beta_1 + *g * one_less_1;
            let change = rate * direction.signum();
            *w -= if direction == T::zero() { direction } else { change };
            *m = *m * beta_2 + *g * one_less_2;
        }
    }
}

impl Optimizer for Lion {
    elementwise!("lion");

    fn slots(&self) -> Vec<Slot> {
        vec![Slot::zeros("momentum")]
    }

    fn bound(&self, step: &Step, gradient: f64, weight: &mut f64, slots: &mut [f64]) {
        let [mean] = slots else { return };
        *mean = mean.max(gradient);
        *weight += step.rate;
    }

    fn check(&self) -> Result<(), Error> {
        above_0("beta_1", self.beta_1)?;
        up_to_1("beta_1", self.beta_1)?;
        below_1("beta_2", self.beta_2)
    }
}
