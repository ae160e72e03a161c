//! Numbers taken from places, and numbers put to places.

use std::sync::Arc;

use model_spec::Shape;

use crate::float::Scalar;
use crate::pool;
use crate::tape::{Op, Recorded, Step};
use crate::tensor::Tensor;

/// A place that there is not.
pub(crate) const NOWHERE: usize = usize::MAX;

/// `y[i] = x[places[i]]`, or `fill` where the place is [`NOWHERE`].
#[derive(Clone, Debug)]
pub(crate) struct Gather {
    pub shape: Shape,
    pub places: Arc<Vec<usize>>,
    pub fill: f64,
}

impl Gather {
    /// The place of each number; all of them are there.
    pub fn new(shape: Shape, places: Vec<usize>) -> Gather {
        Gather { shape, places: Arc::new(places), fill: 0.0 }
    }
}

impl<T: Scalar> Op<T> for Gather {
    fn forward(&mut self, inputs: &[&Tensor<T>]) -> Tensor<T> {
        let (x, fill) = (inputs[0].data(), T::of(self.fill));
        let number = |&place: &usize| if place == NOWHERE { fill } else { x[place] };
        Tensor::of(self.shape, self.places.iter().map(number).collect())
    }

    fn backward(&self, step: &mut Step<'_, T>) {
        let dy = step.gradient;
        step.write(0, |dx, add| {
            if !add {
                dx.fill(T::zero());
            }
            for (&place, &dy) in self.places.iter().zip(dy) {
                if place != NOWHERE {
                    dx[place] += dy;
                }
            }
        });
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
    pub places: Arc<Vec<usize>>,
}

impl<T: Scalar> Op<T> for Scatter {
    fn forward(&mut self, inputs: &[&Tensor<T>]) -> Tensor<T> {
        let mut y = pool::zeros(self.shape.size().unwrap_or(0));
        for (&place, &x) in self.places.iter().zip(inputs[0].data()) {
            if place != NOWHERE {
                y[place] += x;
            }
        }
        Tensor::of(self.shape, y)
    }

    fn backward(&self, step: &mut Step<'_, T>) {
        let dy = step.gradient;
        step.add(0, |i| match self.places[i] {
            NOWHERE => T::zero(),
            place => dy[place],
        });
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
        let places = Arc::new(vec![5, 0, NOWHERE, 5, 2, 1]);
        let gather = Gather { shape: Shape::new(&[2, 3]), places: Arc::clone(&places), fill: 7.0 };
        check(|| gather.clone(), &[random(&[6], 1)]);
        let scatter = Scatter { shape: Shape::new(&[7]), places };
        check(|| scatter.clone(), &[random(&[2, 3], 2)]);
        let x = Tensor::new(Shape::new(&[6]), vec![0.0, 1.0, 2.0, 3.0, 4.0, 5.0]);
        assert_eq!(gather.clone().forward(&[&x]).data(), [5.0, 0.0, 7.0, 5.0, 2.0, 1.0]);
        assert_eq!(scatter.clone().forward(&[&x]).data(), [1.0, 5.0, 4.0, 0.0, 0.0, 3.0, 0.0]);
    }
}
