//! Values joined along an axis.

use super::strided::strides;
use super::view::View;
use crate::float::Scalar;
use crate::kernels::sums::add_to;
use crate::pool;
use crate::tape::{self, Op, Recorded, Step};
use crate::tensor::Tensor;

/// The inputs one after the other along this axis.
pub(crate) struct Concat(pub usize);

impl Concat {
    /// How many numbers of a value stand together, up to the next value's.
    fn run(&self, dims: &[usize]) -> usize {
        dims[self.0..].iter().product()
    }
}

impl<T: Scalar> Op<T> for Concat {
    fn forward(&mut self, inputs: &[&Tensor<T>]) -> Tensor<T> {
        let first = inputs[0].shape();
        let joined = inputs.iter().map(|x| x.shape().dim(self.0)).sum();
        let shape = first.with(self.0, joined);
        let outer: usize = first.dims()[..self.0].iter().product();
        let mut numbers = pool::empty(shape.size().unwrap_or(0));
        for o in 0..outer {
            for x in inputs {
                let run = self.run(x.shape().dims());
                numbers.extend_from_slice(&x.data()[o * run..(o + 1) * run]);
            }
        }
        Tensor::of(shape, numbers)
    }

    fn backward(&self, step: &mut Step<'_, T>) {
        let (dy, whole) = (step.gradient, self.run(step.output.shape().dims()));
        let mut start = 0;
        for input in 0..step.inputs.len() {
            let run = self.run(step.shape(input).dims());
            step.write(input, |dx, add| {
                let lines = dx.chunks_exact_mut(run.max(1)).zip(dy.chunks_exact(whole.max(1)));
                for (dx, dy) in lines {
                    let dy = &dy[start..][..run];
                    if add { add_to(dy, dx) } else { dx.copy_from_slice(dy) }
                }
            });
            start += run;
        }
    }

    fn backward_recorded(&self, step: &mut Recorded) {
        let (dy, inputs) = (step.gradient, step.inputs.clone());
        let strides = strides(&dy.shape());
        let mut start = 0;
        for (input, x) in inputs.iter().enumerate() {
            let view = View { shape: x.shape(), start, strides: strides.clone() };
            start += x.shape().dim(self.0) as isize * strides[self.0];
            step.add(input, || tape::apply(view, &[dy]));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gradcheck::{check, random};

    #[test]
    fn gradients() {
        for axis in 0..3 {
            let mut dims = [2, 3, 4];
            let a = random(&dims, 1);
            dims[axis] = 1;
            let b = random(&dims, 2);
            dims[axis] = 5;
            check(|| Concat(axis), &[a, b, random(&dims, 3)]);
        }
        check(|| Concat(0), &[random(&[3], 4)]);
    }
}
