//! Other numbers for a weight: `y = value`, whatever `x` is, and `dx = dy`, so that the gradient by
//! the weight is the one by its new numbers.

use crate::float::Scalar;
use crate::tape::{Op, Recorded, Step};
use crate::tensor::Tensor;

/// The numbers, in the shape of the weight.
pub(crate) struct Assign<T: Scalar>(pub Tensor<T>);

impl<T: Scalar> Op<T> for Assign<T> {
    fn forward(&mut self, _inputs: &[&Tensor<T>]) -> Tensor<T> {
        self.0.clone()
    }

    fn backward(&self, step: &mut Step<'_, T>) {
        let dy = step.gradient;
        step.add(0, |i| dy[i]);
    }

    fn backward_recorded(&self, step: &mut Recorded) {
        let dy = step.gradient;
        step.add(0, || dy);
    }
}
