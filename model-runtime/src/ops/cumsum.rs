//! The sum of each number and all before it along an axis.

use model_spec::Shape;

use crate::float::Scalar;
use crate::pool;
use crate::tape::{Op, Recorded, Step};
use crate::tensor::Tensor;

/// `y[k] = x[0] + … + x[k]` along an axis.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cumsum(pub usize);

impl Cumsum {
    /// How many numbers a line along the axis has, and how far apart they stand.
    fn line(self, shape: &Shape) -> (usize, usize) {
        (shape.dim(self.0), shape.dims()[self.0 + 1..].iter().product())
    }
}

impl<T: Scalar> Op<T> for Cumsum {
    fn forward(&mut self, inputs: &[&Tensor<T>]) -> Tensor<T> {
        let (n, stride) = self.line(inputs[0].shape());
        let mut y = pool::copy(inputs[0].data());
        for lines in y.chunks_exact_mut((n * stride).max(1)) {
            for i in stride..lines.len() {
                let before = lines[i - stride];
                lines[i] += before;
            }
        }
        Tensor::of(*inputs[0].shape(), y)
    }

    /// Each number is part of all sums after it.
    fn backward(&self, step: &mut Step<'_, T>) {
        let (n, stride) = self.line(step.shape(0));
        let mut sums = pool::copy(step.gradient);
        for lines in sums.chunks_exact_mut((n * stride).max(1)) {
            for i in (stride..lines.len()).rev() {
                let after = lines[i];
                lines[i - stride] += after;
            }
        }
        step.give(0, sums);
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
    fn gradients() {
        for axis in 0..3 {
            check(|| Cumsum(axis), &[random(&[2, 3, 4], 1)]);
            check(|| Cumsum(axis), &[random(&[1, 1, 1], 2)]);
        }
    }

    #[test]
    fn sums_add_up_along_the_axis() {
        let x = Tensor::new(Shape::new(&[2, 3]), vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
        assert_eq!(Cumsum(1).forward(&[&x]).data(), [1.0, 3.0, 6.0, 4.0, 9.0, 15.0]);
        assert_eq!(Cumsum(0).forward(&[&x]).data(), [1.0, 2.0, 3.0, 5.0, 7.0, 9.0]);
        let nothing = Tensor::<f64>::zeros(Shape::new(&[2, 0]));
        assert_eq!(Cumsum(1).forward(&[&nothing]).len(), 0);
    }
}
