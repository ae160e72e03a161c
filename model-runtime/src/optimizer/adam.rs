use super::step::power;
use super::{LearningRate, Optimizer, Options, Slot, Step, at_least_0, below_1, elementwise};
use crate::float::{Scalar, written};
use crate::kernels::functions::inverse;
use crate::kernels::kernel;
use crate::{Error, Float};

/// What Adam and AdamW share.
#[derive(Clone, Debug)]
struct Moments {
    beta_1: f64,
    beta_2: f64,
    epsilon: f64,
    amsgrad: bool,
}

impl Moments {
    const KERAS: Moments = Moments { beta_1: 0.9, beta_2: 0.999, epsilon: 1e-7, amsgrad: false };

    fn check(&self) -> Result<(), Error> {
        below_1("beta_1", self.beta_1)?;
        below_1("beta_2", self.beta_2)?;
        at_least_0("epsilon", self.epsilon)
    }

    fn slots(&self) -> Vec<Slot> {
        let mut slots = vec![Slot::zeros("momentum"), Slot::zeros("velocity")];
        if self.amsgrad {
            slots.push(Slot::zeros("velocity_hat"));
        }
        slots
    }

    /// The learning rate, without the bias of moments that start at 0.
    fn alpha(&self, step: &Step) -> f64 {
        let [unbias_1, unbias_2] =
            [self.beta_1, self.beta_2].map(|beta| 1.0 - power(beta, step.number));
        step.rate * libm::sqrt(unbias_2) / unbias_1
    }

    fn bound(&self, step: &Step, gradient: f64, weight: &mut f64, slots: &mut [f64]) {
        let Some(([mean, square], largest)) = slots.split_first_chunk_mut() else { return };
        (*mean, *square) = (mean.max(gradient), square.max(gradient * gradient));
        largest.iter_mut().for_each(|largest| *largest = largest.max(*square));
        *weight += self.alpha(step) * *mean / self.epsilon.min(1.0);
    }

    fn pass<T: Scalar>(
        &self,
        step: &Step,
        weight: &mut [T],
        gradient: &[T],
        slots: &mut [&mut [T]],
    ) {
        let [alpha, one_less_1, one_less_2, epsilon] =
            [self.alpha(step), 1.0 - self.beta_1, 1.0 - self.beta_2, self.epsilon].map(T::of);
        let Some(([mean, square], largest)) = slots.split_first_chunk_mut() else { return };
        let numbers = [alpha, one_less_1, one_less_2, epsilon];
        match largest.first_mut() {
            None => adam(weight, gradient, mean, square, numbers),
            Some(largest) => amsgrad(weight, gradient, mean, square, largest, numbers),
        }
    }
}

kernel! {
    fn adam<T: Scalar>(
        w: &mut [T], g: &[T], m: &mut [T], v: &mut [T], numbers: [T; 4],
    ) in (w.len()) {
        let [alpha, one_less_1, one_less_2, epsilon] = numbers;
        for (((w, g), m), v) in w.iter_mut().zip(g).zip(m.iter_mut()).zip(v.iter_mut()) {
            *m += (*g - *m) * one_less_1;
            *v += (*g * *g - *v) * one_less_2;
            *w -= alpha * *m * inverse::<FUSED, _>(v.sqrt() + epsilon);
        }
    }

    fn amsgrad<T: Scalar>(
        w: &mut [T], g: &[T], m: &mut [T], v: &mut [T], most: &mut [T], numbers: [T; 4],
    ) in (w.len()) {
        let [alpha, one_less_1, one_less_2, epsilon] = numbers;
        let slots = m.iter_mut().zip(v.iter_mut()).zip(most.iter_mut());
        for ((w, g), ((m, v), most)) in w.iter_mut().zip(g).zip(slots) {
            *m += (*g - *m) * one_less_1;
            *v += (*g * *g - *v) * one_less_2;
            *most = most.max(*v);
            *w -= alpha * *m * inverse::<FUSED, _>(most.sqrt() + epsilon);
        }
    }
}

macro_rules! adam {
    ($(#[$doc:meta])* $adam:ident, $name:literal, $decay:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $adam {
            options: Options,
            moments: Moments,
        }

        impl Default for $adam {
            /// With a learning rate of 0.001.
            fn default() -> $adam {
                $adam::new(0.001)
            }
        }

        impl $adam {
            /// With this learning rate, a number or a [schedule](super::schedule), and Keras's
            /// defaults.
            pub fn new(learning_rate: impl Into<LearningRate>) -> $adam {
                let options = Options { weight_decay: $decay, ..Options::new(learning_rate) };
                $adam { options, moments: Moments::KERAS }
            }

            /// How slowly the mean of the gradients changes, from 0 to below 1; 0.9 by default.
            pub fn beta_1(mut self, beta_1: Float) -> $adam {
                self.moments.beta_1 = written(beta_1);
                self
            }

            /// How slowly the mean of their squares changes, from 0 to below 1; 0.999 by default.
            pub fn beta_2(mut self, beta_2: Float) -> $adam {
                self.moments.beta_2 = written(beta_2);
                self
            }

            /// What is added to the root, so that nothing is divided by 0; 1e-7 by default.
            pub fn epsilon(mut self, epsilon: Float) -> $adam {
                self.moments.epsilon = written(epsilon);
                self
            }

            /// Whether the largest v so far is in the place of v ([Reddi et al.,
            /// 2018](https://openreview.net/forum?id=ryQu7f-RZ)); no by default.
            pub fn amsgrad(mut self, amsgrad: bool) -> $adam {
                self.moments.amsgrad = amsgrad;
                self
            }

            pub(super) fn pass<T: Scalar>(
                &self,
                step: &Step,
                weight: &mut [T],
                gradient: &[T],
                slots: &mut [&mut [T]],
            ) {
                self.moments.pass(step, weight, gradient, slots);
            }
        }

        impl Optimizer for $adam {
            elementwise!($name);

            fn slots(&self) -> Vec<Slot> {
                self.moments.slots()
            }

            fn bound(&self, step: &Step, gradient: f64, weight: &mut f64, slots: &mut [f64]) {
                self.moments.bound(step, gradient, weight, slots);
            }

            fn check(&self) -> Result<(), Error> {
                self.moments.check()
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
    Adam, "adam", None
}

adam! {
    /// Adam with a decay of the weights that does not pass through the gradients
    /// ([Loshchilov and Hutter, 2017](https://arxiv.org/abs/1711.05101)); [Keras's
    /// `AdamW`](https://keras.io/api/optimizers/adamw/).
    ///
    /// `w -= lr · weight_decay · w`, then as [`Adam`]. The [decay](Optimizer::weight_decay) is
    /// 0.004 by default.
    AdamW, "adamw", Some(0.004)
}
