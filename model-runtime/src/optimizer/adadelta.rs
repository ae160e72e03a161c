use super::{LearningRate, Optimizer, Options, Slot, Step, at_least_0, below_1, elementwise};
use crate::float::{Scalar, written};
use crate::kernels::kernel;
use crate::{Error, Float};

/// Gradients scaled by the root of the mean of the squares of the last changes, over that of the
/// gradients ([Zeiler, 2012](https://arxiv.org/abs/1212.5701)); [Keras's
/// `Adadelta`](https://keras.io/api/optimizers/adadelta/).
///
/// `a = ρ · a + (1 - ρ) · g²`, `Δ = -√(d + ε) / √(a + ε) · g`, `d = ρ · d + (1 - ρ) · Δ²`, then `w
/// += lr · Δ`. The paper has no learning rate, which is one of 1; Keras's default is 0.001.
#[derive(Clone, Debug)]
pub struct Adadelta {
    options: Options,
    rho: f64,
    epsilon: f64,
}

impl Default for Adadelta {
    /// With a learning rate of 0.001.
    fn default() -> Adadelta {
        Adadelta::new(0.001)
    }
}

impl Adadelta {
    /// With this learning rate, a number or a [schedule](super::schedule), and Keras's defaults.
    pub fn new(learning_rate: impl Into<LearningRate>) -> Adadelta {
        Adadelta { options: Options::new(learning_rate), rho: 0.95, epsilon: 1e-7 }
    }

    /// How slowly the means of squares change, from 0 to below 1; 0.95 by default.
    pub fn rho(mut self, rho: Float) -> Adadelta {
        self.rho = written(rho);
        self
    }

    /// What is added so that nothing is divided by 0; 1e-7 by default.
    pub fn epsilon(mut self, epsilon: Float) -> Adadelta {
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
        let numbers = [step.rate, self.rho, 1.0 - self.rho, self.epsilon].map(T::of);
        let [squares, changes] = slots else { return };
        adadelta(weight, gradient, squares, changes, numbers);
    }
}

kernel! {
    fn adadelta<T: Scalar>(
        w: &mut [T], g: &[T], a: &mut [T], d: &mut [T], numbers: [T; 4],
    ) in (w.len()) {
        let [rate, rho, one_less, epsilon] = numbers;
        for (((w, g), a), d) in w.iter_mut().zip(g).zip(a.iter_mut()).zip(d.iter_mut()) {
            *a = rho * *a + one_less * (*g * *g);
            let change = -((*d + epsilon).sqrt() * *g / (*a + epsilon).sqrt());
            *d = rho * *d + one_less * (change * change);
            *w += rate * change;
        }
    }
}

impl Optimizer for Adadelta {
    elementwise!("adadelta");

    fn slots(&self) -> Vec<Slot> {
        vec![Slot::zeros("accumulated_grad"), Slot::zeros("accumulated_delta_var")]
    }

    fn bound(&self, step: &Step, gradient: f64, weight: &mut f64, slots: &mut [f64]) {
        let [square, change] = slots else { return };
        // The root of the mean of squares is at least √(1 - ρ) times the gradient; the rest is for
        // rounding.
        let most = 2.0 * ((*change + self.epsilon) / (1.0 - self.rho)).sqrt();
        *square = square.max(gradient * gradient);
        *weight = (*weight + step.rate * most).max(most * gradient);
        *change = change.max(most * most);
    }

    fn check(&self) -> Result<(), Error> {
        below_1("rho", self.rho)?;
        at_least_0("epsilon", self.epsilon)
    }
}
