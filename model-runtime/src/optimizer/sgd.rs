use super::{Optimizer, below_1, learning_rate};
use crate::float::Scalar;
use crate::{Error, Float};

/// Gradient descent, with momentum if asked for; [Keras's
/// `SGD`](https://keras.io/api/optimizers/sgd/).
///
/// Without momentum `w -= lr · g`. With it `v = momentum · v - lr · g` and `w += v`, or `w +=
/// momentum · v - lr · g` with Nesterov's ([Sutskever et al.,
/// 2013](https://proceedings.mlr.press/v28/sutskever13.html)).
#[derive(Clone, Debug, PartialEq)]
pub struct SGD {
    learning_rate: Float,
    momentum: Float,
    nesterov: bool,
}

impl Default for SGD {
    /// With a learning rate of 0.01 and no momentum.
    fn default() -> SGD {
        SGD::new(0.01)
    }
}

impl SGD {
    /// With this learning rate and no momentum.
    pub fn new(learning_rate: Float) -> SGD {
        SGD { learning_rate, momentum: 0.0, nesterov: false }
    }

    /// How much of the last change is made again, from 0 to below 1; 0 by default.
    pub fn momentum(mut self, momentum: Float) -> SGD {
        self.momentum = momentum;
        self
    }

    /// Whether the momentum is Nesterov's; no by default.
    pub fn nesterov(mut self, nesterov: bool) -> SGD {
        self.nesterov = nesterov;
        self
    }

    fn pass<T: Scalar>(&self, weight: &mut [T], gradient: &[T], slots: &mut [Vec<T>]) {
        let rate = T::of(self.learning_rate.as_f64());
        let momentum = T::of(self.momentum.as_f64());
        let Some(velocity) = slots.first_mut() else {
            weight.iter_mut().zip(gradient).for_each(|(w, &g)| *w -= rate * g);
            return;
        };
        for ((w, &g), v) in weight.iter_mut().zip(gradient).zip(velocity) {
            *v = momentum * *v - rate * g;
            *w += if self.nesterov { momentum * *v - rate * g } else { *v };
        }
    }
}

impl Optimizer for SGD {
    fn name(&self) -> &'static str {
        "sgd"
    }

    fn learning_rate(&self) -> Float {
        self.learning_rate
    }

    fn set_learning_rate(&mut self, learning_rate: Float) {
        self.learning_rate = learning_rate;
    }

    fn slots(&self) -> usize {
        usize::from(self.momentum != 0.0)
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
        below_1("momentum", self.momentum)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two steps with the gradients 1 and 2 from the weight 1; 0.5 and 0.25 have no rounding.
    fn two_steps(sgd: &SGD) -> f64 {
        let (mut w, mut slots) = ([1.0_f64], vec![vec![0.0]; sgd.slots()]);
        sgd.pass(&mut w, &[1.0], &mut slots);
        sgd.pass(&mut w, &[2.0], &mut slots);
        w[0]
    }

    #[test]
    fn two_steps_by_hand() {
        assert_eq!(two_steps(&SGD::new(0.5)), 1.0 - 0.5 - 1.0);
        // v: -0.5, then 0.25 · -0.5 - 1 = -1.125.
        let sgd = SGD::new(0.5).momentum(0.25);
        assert_eq!(two_steps(&sgd), 1.0 - 0.5 - 1.125);
        // Changes: 0.25 · -0.5 - 0.5, then 0.25 · -1.125 - 1.
        assert_eq!(two_steps(&sgd.nesterov(true)), 1.0 - 0.625 - 1.28125);
    }
}
