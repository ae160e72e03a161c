//! `where`: one of two values, element by element.

use super::binary::common;
use super::spread::{number, unstretch};
use super::strided::{Strided, pull, stretched, strides, zip};
use crate::float::Scalar;
use crate::kernels::kernel;
use crate::pool;
use crate::tape::{self, Op, Recorded, Step};
use crate::tensor::Tensor;

/// Input 1 where input 0 is not 0, input 2 elsewhere. The three are stretched to each other.
pub(crate) struct Choose;

kernel! {
    fn choose<T: Scalar>(c: &[T], a: &[T], b: &[T], y: &mut [T]) {
        for (((y, c), a), b) in y.iter_mut().zip(c).zip(a).zip(b) {
            *y = if *c != T::zero() { *a } else { *b };
        }
    }

    /// The gradient of what is chosen where the condition holds, or where it does not.
    fn pull_chosen<T: Scalar>(c: &[T], dy: &[T], dx: &mut [T], holds: bool) {
        for ((dx, c), dy) in dx.iter_mut().zip(c).zip(dy) {
            *dx = if (*c != T::zero()) == holds { *dy } else { T::zero() };
        }
    }
}

impl<T: Scalar> Op<T> for Choose {
    fn forward(&mut self, inputs: &[&Tensor<T>]) -> Tensor<T> {
        let both = common(inputs[1].shape(), inputs[2].shape());
        let shape = common(inputs[0].shape(), &both);
        let strides = [0, 1, 2].map(|i| stretched(inputs[i].shape(), &shape));
        let mut y = pool::unset(shape.size().unwrap_or(0));
        let [c, a, b] = std::array::from_fn(|i| Strided::new(inputs[i].data(), &strides[i]));
        zip(shape.dims(), [c, a, b], &mut y, &|[c, a, b], y| choose(c, a, b, y));
        Tensor::of(shape, y)
    }

    fn keeps_mask(&self) -> bool {
        true
    }

    fn backward(&self, step: &mut Step<'_, T>) {
        let (condition, dy) = (step.inputs[0], step.gradient);
        let shape = *step.output.shape();
        step.add(0, |_| T::zero());
        let (rows, chosen) = (strides(&shape), stretched(condition.shape(), &shape));
        let values = [Strided::new(condition.data(), &chosen), Strided::new(dy, &rows)];
        for input in [1, 2] {
            let own = stretched(step.shape(input), &shape);
            step.write(input, |dx, add| {
                pull(shape.dims(), &own, values, dx, add, &|[c, dy], dx| {
                    pull_chosen(c, dy, dx, input == 1);
                });
            });
        }
    }

    fn backward_recorded(&self, step: &mut Recorded) {
        let ([condition, yes, no], dy) = ([0, 1, 2].map(|i| step.inputs[i]), step.gradient);
        let (condition, zero) = (condition.detach(), number(0.0));
        let choose = |a, b| tape::apply(Choose, &[condition, a, b]);
        step.add(1, || unstretch(choose(dy, zero), yes.shape()));
        step.add(2, || unstretch(choose(zero, dy), no.shape()));
    }
}

#[cfg(test)]
mod tests {
    use model_spec::Shape;

    use super::*;
    use crate::gradcheck::{check, random};

    #[test]
    fn gradients_go_to_what_was_chosen() {
        let condition =
            |dims: &[usize]| Tensor::new(Shape::new(dims), vec![1.0, 0.0, 0.0, 2.0, 0.0, -1.0]);
        check(|| Choose, &[condition(&[2, 3]), random(&[2, 3], 1), random(&[2, 3], 2)]);
        check(|| Choose, &[condition(&[2, 3]), random(&[2, 1], 1), random(&[], 2)]);
        check(|| Choose, &[condition(&[2, 3, 1]), random(&[2, 1, 4], 1), random(&[2], 2)]);
    }

    #[test]
    fn what_is_not_chosen_cannot_spoil_the_result() {
        let c = Tensor::new(Shape::new(&[2]), vec![1.0, 0.0]);
        let a = Tensor::new(Shape::new(&[2]), vec![3.0, f64::NAN]);
        let b = Tensor::new(Shape::new(&[2]), vec![f64::INFINITY, 4.0]);
        assert_eq!(Choose.forward(&[&c, &a, &b]).data(), [3.0, 4.0]);
    }
}
