//! Zeros around a value.

use model_spec::Shape;

use super::strided::{Runs, Strided, pull, strides};
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
    /// Where the first number stands in the output.
    fn start(&self, strides: &[isize]) -> isize {
        self.before.iter().zip(strides).map(|(&n, stride)| n as isize * stride).sum()
    }
}

impl<T: Scalar> Op<T> for Pad {
    fn forward(&mut self, inputs: &[&Tensor<T>]) -> Tensor<T> {
        let strides = strides(&self.output);
        let mut y = pool::zeros(self.output.size().unwrap_or(0));
        let mut places = Runs::new(inputs[0].shape().dims(), self.start(&strides), &strides, &None);
        places.each(inputs[0].data(), |run, x| run.each(x, |at, x| y[at] = *x));
        Tensor::of(self.output, y)
    }

    fn backward(&self, step: &mut Step<'_, T>) {
        let (own, strides) = (strides(step.shape(0)), strides(&self.output));
        let (dims, start) = (step.shape(0).dims(), self.start(&strides));
        let dy = Strided { numbers: step.gradient, start, strides: &strides };
        step.write(0, |dx, add| {
            pull(dims, &own, [dy], dx, add, &|[dy], dx| dx.copy_from_slice(dy));
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
