use super::{LearningRate, Optimizer, Options, Slot, Step, at_least_0, below_1, elementwise};
use crate::float::{Scalar, written};
use crate::{Error, Float};

/// Gradients divided by the root of the mean of their squares; [Keras's
/// `RMSprop`](https://keras.io/api/optimizers/rmsprop/) (Hinton, 2012, [lecture
/// 6](https://www.cs.toronto.edu/~tijmen/csc321/slides/lecture_slides_lec6.pdf)).
///
/// `v = ρ · v + (1 - ρ) · g²`, then `w -= lr · g / √(v + ε)`; centered, the square of the
/// gradients' mean is taken off v. With momentum, `b = momentum · b + lr · g / √(v + ε)` and `w -=
/// b`.
#[derive(Clone, Debug)]
pub struct RMSprop {
    options: Options,
    rho: f64,
    momentum: f64,
    epsilon: f64,
    centered: bool,
}

impl Default for RMSprop {
    /// With a learning rate of 0.001.
    fn default() -> RMSprop {
        RMSprop::new(0.001)
    }
}

impl RMSprop {
    /// With this learning rate, a number or a [schedule](super::schedule), and Keras's defaults.
    pub fn new(learning_rate: impl Into<LearningRate>) -> RMSprop {
        let options = Options::new(learning_rate);
        RMSprop { options, rho: 0.9, momentum: 0.0, epsilon: 1e-7, centered: false }
    }

    /// How slowly the mean of the squares changes, from 0 to below 1; 0.9 by default.
    pub fn rho(mut self, rho: Float) -> RMSprop {
        self.rho = written(rho);
        self
    }

    /// How much of the last change is made again, from 0 to below 1; 0 by default.
    pub fn momentum(mut self, momentum: Float) -> RMSprop {
        self.momentum = written(momentum);
        self
    }

    /// What is added under the root, so that nothing is divided by 0; 1e-7 by default.
    pub fn epsilon(mut self, epsilon: Float) -> RMSprop {
        self.epsilon = written(epsilon);
        self
    }

    /// Whether gradients are divided by their standard deviation instead; no by default.
    pub fn centered(mut self, centered: bool) -> RMSprop {
        self.centered = centered;
        self
    }

    pub(super) fn pass<T: Scalar>(
        &self,
        step: &Step,
        weight: &mut [T],
        gradient: &[T],
        slots: &mut [&mut [T]],
    ) {
        let [rate, rho, momentum, epsilon, one_less] =
            [step.rate, self.rho, self.momentum, self.epsilon, 1.0 - self.rho].map(T::of);
        let Some((square, rest)) = slots.split_first_mut() else { return };
        let (velocity, mean) = rest.split_at_mut(usize::from(self.momentum != 0.0));
        for (i, (w, &g)) in weight.iter_mut().zip(gradient).enumerate() {
            square[i] = rho * square[i] + one_less * (g * g);
            let mut under_root = square[i];
            if let Some(mean) = mean.first_mut() {
                mean[i] = rho * mean[i] + one_less * g;
                // Not below 0, which only rounding can make of it.
                under_root = (under_root - mean[i] * mean[i]).max(T::zero());
            }
            let change = rate * g / (under_root + epsilon).sqrt();
            *w -= match velocity.first_mut() {
                Some(velocity) => {
                    velocity[i] = momentum * velocity[i] + change;
                    velocity[i]
                }
                None => change,
            };
        }
    }
}

impl Optimizer for RMSprop {
    elementwise!("rmsprop");

    fn slots(&self) -> Vec<Slot> {
        let mut slots = vec![Slot::zeros("velocity")];
        if self.momentum != 0.0 {
            slots.push(Slot::zeros("momentum"));
        }
        if self.centered {
            slots.push(Slot::zeros("average_gradient"));
        }
        slots
    }

    fn bound(&self, step: &Step, gradient: f64, weight: &mut f64, slots: &mut [f64]) {
        let mut change = step.rate * gradient / self.epsilon.sqrt().min(1.0);
        let Some((square, rest)) = slots.split_first_mut() else { return };
        let (velocity, mean) = rest.split_at_mut(usize::from(self.momentum != 0.0));
        *square = square.max(gradient * gradient);
        mean.iter_mut().for_each(|mean| *mean = mean.max(gradient));
        if let Some(velocity) = velocity.first_mut() {
            *velocity = self.momentum * *velocity + change;
            change = *velocity;
        }
        *weight += change;
    }

    fn check(&self) -> Result<(), Error> {
        below_1("rho", self.rho)?;
        below_1("momentum", self.momentum)?;
        at_least_0("epsilon", self.epsilon)
    }
}
