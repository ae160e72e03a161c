use super::{LearningRate, Optimizer, Options, Slot, Step, below_1, elementwise};
use crate::float::{Scalar, written};
use crate::kernels::kernel;
use crate::{Error, Float};

/// Gradient descent, with momentum if asked for; [Keras's
/// `SGD`](https://keras.io/api/optimizers/sgd/).
///
/// Without momentum `w -= lr · g`. With it `v = momentum · v - lr · g` and `w += v`, or `w +=
/// momentum · v - lr · g` with Nesterov's ([Sutskever et al.,
/// 2013](https://proceedings.mlr.press/v28/sutskever13.html)).
#[derive(Clone, Debug)]
pub struct SGD {
    options: Options,
    momentum: f64,
    nesterov: bool,
}

impl Default for SGD {
    /// With a learning rate of 0.01 and no momentum.
    fn default() -> SGD {
        SGD::new(0.01)
    }
}

impl SGD {
    /// With this learning rate, a number or a [schedule](super::schedule), and no momentum.
    pub fn new(learning_rate: impl Into<LearningRate>) -> SGD {
        SGD { options: Options::new(learning_rate), momentum: 0.0, nesterov: false }
    }

    /// How much of the last change is made again, from 0 to below 1; 0 by default.
    pub fn momentum(mut self, momentum: Float) -> SGD {
        self.momentum = written(momentum);
        self
    }

    /// Whether the momentum is Nesterov's; no by default.
    pub fn nesterov(mut self, nesterov: bool) -> SGD {
        self.nesterov = nesterov;
        self
    }

    pub(super) fn pass<T: Scalar>(
        &self,
        step: &Step,
        weight: &mut [T],
        gradient: &[T],
        slots: &mut [&mut [T]],
    ) {
        let (rate, momentum) = (T::of(step.rate), T::of(self.momentum));
        match slots {
            [velocity] => with_momentum(weight, gradient, velocity, rate, momentum, self.nesterov),
            _ => descent(weight, gradient, rate),
        }
    }
}

kernel! {
    fn descent<T: Scalar>(w: &mut [T], g: &[T], rate: T) in (w.len()) {
        for (w, g) in w.iter_mut().zip(g) {
            *w -= rate * *g;
        }
    }

    fn with_momentum<T: Scalar>(
        w: &mut [T], g: &[T], v: &mut [T], rate: T, momentum: T, nesterov: bool,
    ) in (w.len()) {
        for ((w, g), v) in w.iter_mut().zip(g).zip(v.iter_mut()) {
            *v = momentum * *v - rate * *g;
            *w += if nesterov { momentum * *v - rate * *g } else { *v };
        }
    }
}

impl Optimizer for SGD {
    elementwise!("sgd");

    fn slots(&self) -> Vec<Slot> {
        if self.momentum == 0.0 { Vec::new() } else { vec![Slot::zeros("momentum")] }
    }

    fn bound(&self, step: &Step, gradient: f64, weight: &mut f64, slots: &mut [f64]) {
        let change = step.rate * gradient;
        *weight += change;
        if let [velocity] = slots {
            *velocity = self.momentum * *velocity + change;
            *weight += *velocity;
        }
    }

    fn check(&self) -> Result<(), Error> {
        below_1("momentum", self.momentum)
    }
}
