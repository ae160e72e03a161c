//! Numbers taken from places, and numbers put to places.

use std::sync::Arc;

use model_spec::Shape;

use crate::float::Scalar;
use crate::kernels::kernel;
use crate::kernels::parts::All;
use crate::pool::{self, Buffer};
use crate::tape::{Op, Recorded, Step};
use crate::tensor::Tensor;

/// A place that there is not.
pub(crate) const NOWHERE: usize = usize::MAX;

kernel! {
    /// Writes or adds the numbers from places.
    fn take<T: Scalar>(
        from: All<'_, T>, places: &[usize], to: &mut [T], fill: T, add: bool,
    ) in (places.len()) {
        for (to, &place) in to.iter_mut().zip(places) {
            let number = if place == NOWHERE { fill } else { from.0[place] };
            *to = if add { *to + number } else { number };
        }
    }
}

/// Adds numbers at places to what is there, or to zeros. On one thread: to find out what goes where
/// takes as long as to put it there.
fn put<T: Scalar>(from: &[T], places: &[usize], to: &mut [T], add: bool) {
    if !add {
        to.fill(T::zero());
    }
    for (&place, &number) in places.iter().zip(from) {
        if place != NOWHERE {
            to[place] += number;
        }
    }
}

/// `y[i] = x[places[i]]`, or `fill` where the place is [`NOWHERE`].
#[derive(Clone, Debug)]
pub(crate) struct Gather {
    pub shape: Shape,
    pub places: Arc<Buffer<usize>>,
    pub fill: f64,
}

impl Gather {
    /// The place of each number; all of them are there.
    pub fn new(shape: Shape, places: Buffer<usize>) -> Gather {
        Gather { shape, places: Arc::new(places), fill: 0.0 }
    }
}

impl<T: Scalar> Op<T> for Gather {
    fn forward(&mut self, inputs: &[&Tensor<T>]) -> Tensor<T> {
        let mut y = pool::unset(self.places.len());
        take(All(inputs[0].data()), &self.places, &mut y, T::of(self.fill), false);
        Tensor::of(self.shape, y)
    }

    fn backward(&self, step: &mut Step<'_, T>) {
        let dy = step.gradient;
        step.write(0, |dx, add| put(dy, &self.places, dx, add));
    }

    fn backward_recorded(&self, step: &mut Recorded) {
        // What is filled in does not come from x.
        step.pull(&Gather { fill: 0.0, ..self.clone() });
    }
}

/// `y[places[i]] += x[i]`; what goes [`NOWHERE`] is lost.
#[derive(Clone, Debug)]
pub(crate) struct Scatter {
    pub shape: Shape,
    pub places: Arc<Buffer<usize>>,
}

impl<T: Scalar> Op<T> for Scatter {
    fn forward(&mut self, inputs: &[&Tensor<T>]) -> Tensor<T> {
        let mut y = pool::unset(self.shape.size().unwrap_or(0));
        put(inputs[0].data(), &self.places, &mut y, false);
        Tensor::of(self.shape, y)
    }

    fn backward(&self, step: &mut Step<'_, T>) {
        let dy = step.gradient;
        step.write(0, |dx, add| take(All(dy), &self.places, dx, T::zero(), add));
    }

    fn backward_recorded(&self, step: &mut Recorded) {
        step.pull(self);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gradcheck::{check, random};

    #[test]
    fn gradients_add_up_where_a_number_was_taken_twice() {
        let places = Arc::new(vec![5, 0, NOWHERE, 5, 2, 1].into());
        let gather = Gather { shape: Shape::new(&[2, 3]), places: Arc::clone(&places), fill: 7.0 };
        check(|| gather.clone(), &[random(&[6], 1)]);
        let scatter = Scatter { shape: Shape::new(&[7]), places };
        check(|| scatter.clone(), &[random(&[2, 3], 2)]);
        let x = Tensor::new(Shape::new(&[6]), vec![0.0, 1.0, 2.0, 3.0, 4.0, 5.0]);
        assert_eq!(gather.clone().forward(&[&x]).data(), [5.0, 0.0, 7.0, 5.0, 2.0, 1.0]);
        assert_eq!(scatter.clone().forward(&[&x]).data(), [1.0, 5.0, 4.0, 0.0, 0.0, 3.0, 0.0]);
    }
}
