//! Zeros around a value.

use model_spec::Shape;

use super::strided::{strides, walk};
use crate::float::Scalar;
use crate::pool;
use crate::tape::{Op, Recorded, Step};
use crate::tensor::Tensor;

/// The value inside of a larger one of shape `output`, `before` positions from its start along each
/// axis; zeros elsewhere.
#[derive(Clone, Debug)]
pub(crate) struct Pad {
    pub before: Vec<usize>,
    pub output: Shape,
}

impl Pad {
    /// Visits the place of each number in the output, in the order of the input.
    fn walk(&self, input: &Shape, mut visit: impl FnMut(usize)) {
        let strides = strides(&self.output);
        let start = self.before.iter().zip(&strides).map(|(&n, stride)| n as isize * stride).sum();
        walk(input.dims(), [start], [&strides], |[at]| visit(at));
    }
}

impl<T: Scalar> Op<T> for Pad {
    fn forward(&mut self, inputs: &[&Tensor<T>]) -> Tensor<T> {
        let mut x = inputs[0].data().iter();
        let mut y = pool::zeros(self.output.size().unwrap_or(0));
        self.walk(inputs[0].shape(), |at| y[at] = x.next().copied().unwrap_or_default());
        Tensor::of(self.output, y)
    }

    fn backward(&self, step: &mut Step<'_, T>) {
        let (shape, dy) = (step.shape(0), step.gradient);
        step.write(0, |dx, add| {
            let mut dx = dx.iter_mut();
            self.walk(shape, |at| {
                if let Some(dx) = dx.next() {
                    *dx = if add { *dx + dy[at] } else { dy[at] };
                }
            });
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
    fn gradients() {
        let pad = Pad { before: vec![0, 1, 2, 0], output: Shape::new(&[2, 5, 5, 2]) };
        check(|| pad.clone(), &[random(&[2, 3, 2, 2], 1)]);
    }

    #[test]
    fn numbers_stand_where_they_belong() {
        let x = Tensor::new(Shape::new(&[1, 2, 1]), vec![1.0, 2.0]);
        let mut pad = Pad { before: vec![0, 1, 0], output: Shape::new(&[1, 5, 1]) };
        assert_eq!(pad.forward(&[&x]).data(), [0.0, 1.0, 2.0, 0.0, 0.0]);
    }
}
