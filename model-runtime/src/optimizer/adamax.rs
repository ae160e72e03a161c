use super::step::power;
use super::{LearningRate, Optimizer, Options, Slot, Step, at_least_0, below_1, elementwise};
use crate::float::{Scalar, written};
use crate::kernels::kernel;
use crate::{Error, Float};

/// Adam with the largest gradient, which fades, in the place of the root of the mean of squares
/// ([Kingma and Ba, 2014](https://arxiv.org/abs/1412.6980), section 7.1); [Keras's
/// `Adamax`](https://keras.io/api/optimizers/adamax/).
///
/// `m += (1 - β₁)(g - m)`, `u = max(β₂ · u, |g|)`, and in step t `w -= lr / (1 - β₁ᵗ) · m / (u +
/// ε)`.
#[derive(Clone, Debug)]
pub struct Adamax {
    options: Options,
    beta_1: f64,
    beta_2: f64,
    epsilon: f64,
}

impl Default for Adamax {
    /// With a learning rate of 0.001.
    fn default() -> Adamax {
        Adamax::new(0.001)
    }
}

impl Adamax {
    /// With this learning rate, a number or a [schedule](super::schedule), and Keras's defaults.
    pub fn new(learning_rate: impl Into<LearningRate>) -> Adamax {
        Adamax { options: Options::new(learning_rate), beta_1: 0.9, beta_2: 0.999, epsilon: 1e-7 }
    }

    /// How slowly the mean of the gradients changes, from 0 to below 1; 0.9 by default.
    pub fn beta_1(mut self, beta_1: Float) -> Adamax {
        self.beta_1 = written(beta_1);
        self
    }

    /// How slowly the largest gradient fades, from 0 to below 1; 0.999 by default.
    pub fn beta_2(mut self, beta_2: Float) -> Adamax {
        self.beta_2 = written(beta_2);
        self
    }

    /// What is added so that nothing is divided by 0; 1e-7 by default.
    pub fn epsilon(mut self, epsilon: Float) -> Adamax {
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
        let unbias = 1.0 - power(self.beta_1, step.number);
        let numbers = [step.rate / unbias, 1.0 - self.beta_1, self.beta_2, self.epsilon];
        let [mean, norm] = slots else { return };
        adamax(weight, gradient, mean, norm, numbers.map(T::of));
    }
}

kernel! {
    fn adamax<T: Scalar>(
        w: &mut [T], g: &[T], m: &mut [T], u: &mut [T], numbers: [T; 4],
    ) in (w.len()) {
        let [alpha, one_less, beta_2, epsilon] = numbers;
        for (((w, g), m), u) in w.iter_mut().zip(g).zip(m.iter_mut()).zip(u.iter_mut()) {
            *m += (*g - *m) * one_less;
            *u = (beta_2 * *u).max(g.abs());
            *w -= alpha * *m / (*u + epsilon);
        }
    }
}

impl Optimizer for Adamax {
    elementwise!("adamax");

    fn slots(&self) -> Vec<Slot> {
        vec![Slot::zeros("momentum"), Slot::zeros("norm")]
    }

    fn bound(&self, step: &Step, gradient: f64, weight: &mut f64, slots: &mut [f64]) {
        let [mean, norm] = slots else { return };
        (*mean, *norm) = (mean.max(gradient), norm.max(gradient));
        let unbias = 1.0 - power(self.beta_1, step.number);
        *weight += step.rate / unbias * *mean / self.epsilon.min(1.0);
    }

    fn check(&self) -> Result<(), Error> {
        below_1("beta_1", self.beta_1)?;
        below_1("beta_2", self.beta_2)?;
        at_least_0("epsilon", self.epsilon)
    }
}
