use std::sync::LazyLock;

use super::step::power;
use super::{LearningRate, Optimizer, Options, Slot, Step, at_least_0, below_1, elementwise};
use crate::float::{Scalar, written};
use crate::kernels::kernel;
use crate::{Error, Float};

/// The product of `1 - 0.5 · 0.96ⁱ` for i from 1 to t. From the last of the table on, a factor is 1
/// in `f64`.
fn warm_up(t: u64) -> f64 {
    static PRODUCTS: LazyLock<Vec<f64>> = LazyLock::new(|| {
        let mut product = 1.0;
        let factor = |i: i32| 1.0 - 0.5 * libm::pow(0.96, f64::from(i));
        let following = (1..1000).map(|i| {
            product *= factor(i);
            product
        });
        std::iter::once(1.0).chain(following).collect()
    });
    PRODUCTS[(t as usize).min(PRODUCTS.len() - 1)]
}

/// Adam with Nesterov's momentum ([Dozat,
/// 2015](https://cs229.stanford.edu/proj2015/054_report.pdf)); [Keras's
/// `Nadam`](https://keras.io/api/optimizers/Nadam/).
///
/// With `uₜ = β₁(1 - 0.5 · 0.96ᵗ)`: `m += (1 - β₁)(g - m)`, `v += (1 - β₂)(g² - v)`, `m̂ = uₜ₊₁ · m
/// /
/// (1 - u₁ ⋯ uₜ₊₁) + (1 - uₜ) · g / (1 - u₁ ⋯ uₜ)`, `v̂ = v / (1 - β₂ᵗ)`, and `w -= lr · m̂ / (√v̂
/// + ε)`.
#[derive(Clone, Debug)]
pub struct Nadam {
    options: Options,
    beta_1: f64,
    beta_2: f64,
    epsilon: f64,
}

impl Default for Nadam {
    /// With a learning rate of 0.001.
    fn default() -> Nadam {
        Nadam::new(0.001)
    }
}

impl Nadam {
    /// With this learning rate, a number or a [schedule](super::schedule), and Keras's defaults.
    pub fn new(learning_rate: impl Into<LearningRate>) -> Nadam {
        Nadam { options: Options::new(learning_rate), beta_1: 0.9, beta_2: 0.999, epsilon: 1e-7 }
    }

    /// How slowly the mean of the gradients changes, from 0 to below 1; 0.9 by default.
    pub fn beta_1(mut self, beta_1: Float) -> Nadam {
        self.beta_1 = written(beta_1);
        self
    }

    /// How slowly the mean of their squares changes, from 0 to below 1; 0.999 by default.
    pub fn beta_2(mut self, beta_2: Float) -> Nadam {
        self.beta_2 = written(beta_2);
        self
    }

    /// What is added so that nothing is divided by 0; 1e-7 by default.
    pub fn epsilon(mut self, epsilon: Float) -> Nadam {
        self.epsilon = written(epsilon);
        self
    }

    /// What the mean, the gradient and the mean of squares are multiplied with.
    fn factors(&self, step: &Step) -> [f64; 3] {
        let t = step.number;
        let product = |t: u64| power(self.beta_1, t) * warm_up(t);
        let u = |t: u64| self.beta_1 * (1.0 - 0.5 * power(0.96, t));
        let of_mean = step.rate * u(t + 1) / (1.0 - product(t + 1));
        let of_gradient = step.rate * (1.0 - u(t)) / (1.0 - product(t));
        [of_mean, of_gradient, 1.0 / (1.0 - power(self.beta_2, t))]
    }

    pub(super) fn pass<T: Scalar>(
        &self,
        step: &Step,
        weight: &mut [T],
        gradient: &[T],
        slots: &mut [&mut [T]],
    ) {
        let [of_mean, of_gradient, unbias] = self.factors(step);
        let numbers =
            [of_mean, of_gradient, unbias, 1.0 - self.beta_1, 1.0 - self.beta_2, self.epsilon];
        let [mean, square] = slots else { return };
        nadam(weight, gradient, mean, square, numbers.map(T::of));
    }
}

kernel! {
    fn nadam<T: Scalar>(
        w: &mut [T], g: &[T], m: &mut [T], v: &mut [T], numbers: [T; 6],
    ) in (w.len()) {
        let [of_mean, of_gradient, unbias, one_less_1, one_less_2, epsilon] = numbers;
        for (((w, g), m), v) in w.iter_mut().zip(g).zip(m.iter_mut()).zip(v.iter_mut()) {
            *m += (*g - *m) * one_less_1;
            *v += (*g * *g - *v) * one_less_2;
            *w -= (of_mean * *m + of_gradient * *g) / ((*v * unbias).sqrt() + epsilon);
        }
    }
}

impl Optimizer for Nadam {
    elementwise!("nadam");

    fn slots(&self) -> Vec<Slot> {
        vec![Slot::zeros("momentum"), Slot::zeros("velocity")]
    }

    fn bound(&self, step: &Step, gradient: f64, weight: &mut f64, slots: &mut [f64]) {
        let [mean, square] = slots else { return };
        (*mean, *square) = (mean.max(gradient), square.max(gradient * gradient));
        let [of_mean, of_gradient, unbias] = self.factors(step);
        *weight += (of_mean * *mean + of_gradient * gradient) / self.epsilon.min(1.0);
        *weight = weight.max(*square * unbias);
    }

    fn check(&self) -> Result<(), Error> {
        below_1("beta_1", self.beta_1)?;
        below_1("beta_2", self.beta_2)?;
        at_least_0("epsilon", self.epsilon)
    }
}
