use super::{LearningRate, Optimizer, Options, Slot, Step, at_least_0, below_1, elementwise};
use crate::float::{Scalar, written};
use crate::kernels::kernel;
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
        let numbers = [step.rate, self.rho, self.momentum, self.epsilon, 1.0 - self.rho].map(T::of);
        let Some((square, rest)) = slots.split_first_mut() else { return };
        let (velocity, mean) = rest.split_at_mut(usize::from(self.momentum != 0.0));
        match (velocity.first_mut(), mean.first_mut()) {
            (None, None) => rmsprop(weight, gradient, square, numbers),
            (Some(velocity), None) => moving(weight, gradient, square, velocity, numbers),
            (None, Some(mean)) => centered(weight, gradient, square, mean, numbers),
            (Some(v), Some(mean)) => moving_centered(weight, gradient, square, mean, v, numbers),
        }
    }
}

kernel! {
    fn rmsprop<T: Scalar>(w: &mut [T], g: &[T], a: &mut [T], numbers: [T; 5]) in (w.len()) {
        let [rate, rho, _, epsilon, one_less] = numbers;
        for ((w, g), a) in w.iter_mut().zip(g).zip(a.iter_mut()) {
            *a = rho * *a + one_less * (*g * *g);
            *w -= rate * *g / (*a + epsilon).sqrt();
        }
    }

    /// With momentum.
    fn moving<T: Scalar>(
        w: &mut [T], g: &[T], a: &mut [T], v: &mut [T], numbers: [T; 5],
    ) in (w.len()) {
        let [rate, rho, momentum, epsilon, one_less] = numbers;
        for (((w, g), a), v) in w.iter_mut().zip(g).zip(a.iter_mut()).zip(v.iter_mut()) {
            *a = rho * *a + one_less * (*g * *g);
            *v = momentum * *v + rate * *g / (*a + epsilon).sqrt();
            *w -= *v;
        }
    }

    /// With the mean of the gradients.
    fn centered<T: Scalar>(
        w: &mut [T], g: &[T], a: &mut [T], m: &mut [T], numbers: [T; 5],
    ) in (w.len()) {
        let [rate, rho, _, epsilon, one_less] = numbers;
        for (((w, g), a), m) in w.iter_mut().zip(g).zip(a.iter_mut()).zip(m.iter_mut()) {
            *a = rho * *a + one_less * (*g * *g);
            *m = rho * *m + one_less * *g;
            *w -= rate * *g / (deviation(*a, *m) + epsilon).sqrt();
        }
    }

    /// With both.
    fn moving_centered<T: Scalar>(
        w: &mut [T], g: &[T], a: &mut [T], m: &mut [T], v: &mut [T], numbers: [T; 5],
    ) in (w.len()) {
        let [rate, rho, momentum, epsilon, one_less] = numbers;
        let slots = a.iter_mut().zip(m.iter_mut()).zip(v.iter_mut());
        for ((w, g), ((a, m), v)) in w.iter_mut().zip(g).zip(slots) {
            *a = rho * *a + one_less * (*g * *g);
            *m = rho * *m + one_less * *g;
            *v = momentum * *v + rate * *g / (deviation(*a, *m) + epsilon).sqrt();
            *w -= *v;
        }
    }
}

/// The mean of the squares without the square of the mean; not below 0, which only rounding can
/// make of it.
#[inline(always)]
fn deviation<T: Scalar>(square: T, mean: T) -> T {
    (square - mean * mean).max(T::zero())
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
