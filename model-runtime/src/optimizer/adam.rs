use super::{Optimizer, at_least_0, below_1, learning_rate};
use crate::float::Scalar;
use crate::{Error, Float};

/// The settings that Adam and AdamW share.
#[derive(Clone, Debug, PartialEq)]
struct Settings {
    learning_rate: Float,
    beta_1: Float,
    beta_2: Float,
    epsilon: Float,
    weight_decay: Float,
}

impl Settings {
    fn new(learning_rate: Float, weight_decay: Float) -> Settings {
        Settings { learning_rate, beta_1: 0.9, beta_2: 0.999, epsilon: 1e-7, weight_decay }
    }

    fn check(&self) -> Result<(), Error> {
        learning_rate(self.learning_rate)?;
        below_1("beta_1", self.beta_1)?;
        below_1("beta_2", self.beta_2)?;
        at_least_0("epsilon", self.epsilon)?;
        at_least_0("weight_decay", self.weight_decay)
    }

    fn pass<T: Scalar>(&self, step: u64, weight: &mut [T], gradient: &[T], slots: &mut [Vec<T>]) {
        let [mean, square] = slots else { return };
        let (beta_1, beta_2) = (self.beta_1.as_f64(), self.beta_2.as_f64());
        let unbias = libm::sqrt(1.0 - libm::pow(beta_2, step as f64))
            / (1.0 - libm::pow(beta_1, step as f64));
        let alpha = T::of(self.learning_rate.as_f64() * unbias);
        let keep = T::of(1.0 - self.learning_rate.as_f64() * self.weight_decay.as_f64());
        let (one_less_1, one_less_2) = (T::of(1.0 - beta_1), T::of(1.0 - beta_2));
        let epsilon = T::of(self.epsilon.as_f64());
        for (((w, &g), m), v) in weight.iter_mut().zip(gradient).zip(mean).zip(square) {
            *m += (g - *m) * one_less_1;
            *v += (g * g - *v) * one_less_2;
            *w = *w * keep - alpha * *m / (v.sqrt() + epsilon);
        }
    }
}

macro_rules! adam {
    ($(#[$doc:meta])* $adam:ident, $name:literal, $decay:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq)]
        pub struct $adam(Settings);

        impl Default for $adam {
            /// With a learning rate of 0.001.
            fn default() -> $adam {
                $adam::new(0.001)
            }
        }

        impl $adam {
            /// With this learning rate and Keras's defaults.
            pub fn new(learning_rate: Float) -> $adam {
                $adam(Settings::new(learning_rate, $decay))
            }

            /// How slowly the mean of the gradients changes, from 0 to below 1; 0.9 by default.
            pub fn beta_1(mut self, beta_1: Float) -> $adam {
                self.0.beta_1 = beta_1;
                self
            }

            /// How slowly the mean of their squares changes, from 0 to below 1; 0.999 by default.
            pub fn beta_2(mut self, beta_2: Float) -> $adam {
                self.0.beta_2 = beta_2;
                self
            }

            /// What is added to the root, so that nothing is divided by 0; 1e-7 by default.
            pub fn epsilon(mut self, epsilon: Float) -> $adam {
                self.0.epsilon = epsilon;
                self
            }
        }

        impl Optimizer for $adam {
            fn name(&self) -> &'static str {
                $name
            }

            fn learning_rate(&self) -> Float {
                self.0.learning_rate
            }

            fn set_learning_rate(&mut self, learning_rate: Float) {
                self.0.learning_rate = learning_rate;
            }

            fn slots(&self) -> usize {
                2
            }

            fn update(
                &self,
                step: u64,
                weight: &mut [Float],
                gradient: &[Float],
                slots: &mut [Vec<Float>],
            ) {
                self.0.pass(step, weight, gradient, slots);
            }

            fn check(&self) -> Result<(), Error> {
                self.0.check()
            }
        }
    };
}

adam! {
    /// Adam ([Kingma and Ba, 2014](https://arxiv.org/abs/1412.6980)); [Keras's
    /// `Adam`](https://keras.io/api/optimizers/adam/).
    ///
    /// `m += (1 - β₁)(g - m)`, `v += (1 - β₂)(g² - v)`, and in step t `w -= lr · √(1 - β₂ᵗ) / (1 -
    /// β₁ᵗ) · m / (√v + ε)`.
    Adam, "adam", 0.0
}

adam! {
    /// Adam with a decay of the weights that does not pass through the gradients
    /// ([Loshchilov and Hutter, 2017](https://arxiv.org/abs/1711.05101)); [Keras's
    /// `AdamW`](https://keras.io/api/optimizers/adamw/).
    ///
    /// `w -= lr · weight_decay · w`, then as [`Adam`].
    AdamW, "adamw", 0.004
}

impl AdamW {
    /// How much of a weight is taken away in a step, times the learning rate; 0.004 by default.
    pub fn weight_decay(mut self, weight_decay: Float) -> AdamW {
        self.0.weight_decay = weight_decay;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_steps_by_the_formula_of_the_paper() {
        for decay in [0.0, 0.25] {
            let settings = Settings { beta_1: 0.5, beta_2: 0.75, ..Settings::new(0.125, decay) };
            let (mut w, mut slots) = ([2.0_f64], vec![vec![0.0]; 2]);
            settings.pass(1, &mut w, &[3.0], &mut slots);
            settings.pass(2, &mut w, &[-1.0], &mut slots);

            let (lr, epsilon) = (0.125_f64, f64::from(1e-7_f32));
            let lambda = decay.as_f64();
            let (m1, v1) = (0.5 * 3.0, 0.25 * 9.0);
            let (m2, v2): (f64, f64) = (0.5 * m1 - 0.5, 0.75 * v1 + 0.25 * 1.0);
            let mut expected = 2.0_f64;
            // The moments are corrected one by one, as in the paper; ε is scaled to be outside of
            // the correction.
            for (t, m, v) in [(1, m1, v1), (2, m2, v2)] {
                let (c1, c2) = (1.0 - 0.5_f64.powi(t), 1.0 - 0.75_f64.powi(t));
                expected -= lr * lambda * expected;
                expected -= lr * (m / c1) / ((v / c2).sqrt() + epsilon / c2.sqrt());
            }
            assert!((w[0] - expected).abs() < 1e-12, "{} {expected}", w[0]);
        }
    }

    #[test]
    fn the_first_step_is_the_learning_rate_long() {
        let mut slots = vec![vec![0.0; 2]; 2];
        let mut w = [0.0; 2];
        Adam::new(0.5).update(1, &mut w, &[1000.0, -0.01], &mut slots);
        assert!((w[0] + 0.5).abs() < 1e-3 && (w[1] - 0.5).abs() < 1e-3, "{w:?}");
    }
}
