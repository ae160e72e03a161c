use super::{Optimizer, at_least_0, below_1, learning_rate};
use crate::float::Scalar;
use crate::{Error, Float};

/// Gradients divided by the root of the mean of their squares; [Keras's
/// `RMSprop`](https://keras.io/api/optimizers/rmsprop/) (Hinton, 2012, [lecture
/// 6](https://www.cs.toronto.edu/~tijmen/csc321/slides/lecture_slides_lec6.pdf)).
///
/// `v = ρ · v + (1 - ρ) · g²`, then `w -= lr · g / √(v + ε)`; centered, the square of the
/// gradients' mean is taken off v. With momentum, `b = momentum · b + lr · g / √(v + ε)` and `w -=
/// b`.
#[derive(Clone, Debug, PartialEq)]
pub struct RMSprop {
    learning_rate: Float,
    rho: Float,
    momentum: Float,
    epsilon: Float,
    centered: bool,
}

impl Default for RMSprop {
    /// With a learning rate of 0.001.
    fn default() -> RMSprop {
        RMSprop::new(0.001)
    }
}

impl RMSprop {
    /// With this learning rate and Keras's defaults.
    pub fn new(learning_rate: Float) -> RMSprop {
        RMSprop { learning_rate, rho: 0.9, momentum: 0.0, epsilon: 1e-7, centered: false }
    }

    /// How slowly the mean of the squares changes, from 0 to below 1; 0.9 by default.
    pub fn rho(mut self, rho: Float) -> RMSprop {
        self.rho = rho;
        self
    }

    /// How much of the last change is made again, from 0 to below 1; 0 by default.
    pub fn momentum(mut self, momentum: Float) -> RMSprop {
        self.momentum = momentum;
        self
    }

    /// What is added under the root, so that nothing is divided by 0; 1e-7 by default.
    pub fn epsilon(mut self, epsilon: Float) -> RMSprop {
        self.epsilon = epsilon;
        self
    }

    /// Whether gradients are divided by their standard deviation instead; no by default.
    pub fn centered(mut self, centered: bool) -> RMSprop {
        self.centered = centered;
        self
    }

    fn pass<T: Scalar>(&self, weight: &mut [T], gradient: &[T], slots: &mut [Vec<T>]) {
        let [rate, rho, momentum, epsilon] =
            [self.learning_rate, self.rho, self.momentum, self.epsilon].map(|x| T::of(x.as_f64()));
        let one_less = T::of(1.0 - self.rho.as_f64());
        let Some((square, rest)) = slots.split_first_mut() else { return };
        let (mean, velocity) = rest.split_at_mut(usize::from(self.centered));
        for (i, (w, &g)) in weight.iter_mut().zip(gradient).enumerate() {
            square[i] = rho * square[i] + one_less * g * g;
            let mut under_root = square[i] + epsilon;
            if let Some(mean) = mean.first_mut() {
                mean[i] = rho * mean[i] + one_less * g;
                under_root -= mean[i] * mean[i];
            }
            let change = rate * g / under_root.sqrt();
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
    fn name(&self) -> &'static str {
        "rmsprop"
    }

    fn learning_rate(&self) -> Float {
        self.learning_rate
    }

    fn set_learning_rate(&mut self, learning_rate: Float) {
        self.learning_rate = learning_rate;
    }

    fn slots(&self) -> usize {
        1 + usize::from(self.centered) + usize::from(self.momentum != 0.0)
    }

    fn update(
        &self,
        _step: u64,
        weight: &mut [Float],
        gradient: &[Float],
        slots: &mut [Vec<Float>],
    ) {
        self.pass(weight, gradient, slots);
    }

    fn check(&self) -> Result<(), Error> {
        learning_rate(self.learning_rate)?;
        below_1("rho", self.rho)?;
        below_1("momentum", self.momentum)?;
        at_least_0("epsilon", self.epsilon)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_steps_by_hand() {
        let epsilon = f64::from(1e-7_f32);
        for centered in [false, true] {
            for momentum in [0.0, 0.5] {
                let rmsprop = RMSprop::new(0.125).rho(0.75).momentum(momentum).centered(centered);
                let (mut w, mut slots) = ([2.0_f64], vec![vec![0.0]; rmsprop.slots()]);
                rmsprop.pass(&mut w, &[2.0], &mut slots);
                rmsprop.pass(&mut w, &[-1.0], &mut slots);

                // Means of the squares: 1, then 0.75 + 0.25; of the gradients: 0.5, then 0.375 -
                // 0.25.
                let taken = if centered { [0.25, 0.015625] } else { [0.0, 0.0] };
                let first = 0.125 * 2.0 / (1.0 + epsilon - taken[0]).sqrt();
                let second = -0.125 / (1.0 + epsilon - taken[1]).sqrt();
                let expected = 2.0 - first - (second + momentum.as_f64() * first);
                assert!((w[0] - expected).abs() < 1e-12, "{} {expected}", w[0]);
            }
        }
    }
}
