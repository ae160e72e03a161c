//! The same numbers under another shape, in another order, cut, or repeated.

use model_spec::Shape;

use super::strided::{Runs, Strided, zip};
use crate::float::Scalar;
use crate::kernels::sums::add_to;
use crate::pool;
use crate::tape::{self, Op, Recorded, Step};
use crate::tensor::Tensor;

/// The same numbers, in the same order, under another shape of the same size.
pub(crate) struct Reshape(pub Shape);

impl<T: Scalar> Op<T> for Reshape {
    fn forward(&mut self, inputs: &[&Tensor<T>]) -> Tensor<T> {
        inputs[0].reshape(self.0)
    }

    fn backward(&self, step: &mut Step<'_, T>) {
        let dy = step.gradient;
        step.write(0, |dx, add| if add { add_to(dy, dx) } else { dx.copy_from_slice(dy) });
    }

    fn backward_recorded(&self, step: &mut Recorded) {
        let (x, dy) = (step.inputs[0], step.gradient);
        step.add(0, || tape::apply(Reshape(x.shape()), &[dy]));
    }
}

/// A copy of some of the numbers: the first from position `start`, then along each axis of `shape`
/// those that stand a stride apart. A stride of 0 repeats, a negative one goes backward.
#[derive(Clone, Debug)]
pub(crate) struct View {
    pub shape: Shape,
    pub start: isize,
    pub strides: Vec<isize>,
}

impl<T: Scalar> Op<T> for View {
    fn forward(&mut self, inputs: &[&Tensor<T>]) -> Tensor<T> {
        let mut y = pool::unset(self.shape.size().unwrap_or(0));
        let x = Strided { numbers: inputs[0].data(), start: self.start, strides: &self.strides };
        zip(self.shape.dims(), [x], &mut y, &|[x], y| y.copy_from_slice(x));
        Tensor::of(self.shape, y)
    }

    fn backward(&self, step: &mut Step<'_, T>) {
        let dy = step.gradient;
        step.write(0, |dx, add| {
            if !add {
                dx.fill(T::zero());
            }
            let mut places = Runs::new(self.shape.dims(), self.start, &self.strides, &None);
            places.each(dy, |run, dy| run.each(dy, |at, dy| dx[at] += *dy));
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
        check(|| Reshape(Shape::new(&[4, 3])), &[random(&[2, 6], 1)]);
        let views: [(&[usize], isize, &[isize]); 5] = [
            (&[4, 3], 0, &[1, 4]),
            (&[2, 2], 11, &[-4, -2]),
            (&[3], 2, &[4]),
            (&[2, 3, 1], 1, &[0, 4, 7]),
            (&[], 5, &[]),
        ];
        for (dims, start, strides) in views {
            let view = View { shape: Shape::new(dims), start, strides: strides.to_vec() };
            check(|| view.clone(), &[random(&[3, 4], 2)]);
        }
    }
}
