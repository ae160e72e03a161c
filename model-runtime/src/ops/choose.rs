//! `where`: one of two values, element by element.

use super::binary::common;
use super::spread::{number, unstretch};
use super::strided::{stretched, strides, walk};
use crate::float::Scalar;
use crate::pool;
use crate::tape::{self, Op, Recorded, Step};
use crate::tensor::Tensor;

/// Input 1 where input 0 is not 0, input 2 elsewhere. The three are stretched to each other.
pub(crate) struct Choose;

impl<T: Scalar> Op<T> for Choose {
    fn forward(&mut self, inputs: &[&Tensor<T>]) -> Tensor<T> {
        let both = common(inputs[1].shape(), inputs[2].shape());
        let shape = common(inputs[0].shape(), &both);
        let [c, a, b] = [0, 1, 2].map(|i| stretched(inputs[i].shape(), &shape));
        let mut numbers = pool::empty(shape.size().unwrap_or(0));
        walk(shape.dims(), [0; 3], [&c, &a, &b], |[c, a, b]| {
            let holds = inputs[0].data()[c] != T::zero();
            numbers.push(if holds { inputs[1].data()[a] } else { inputs[2].data()[b] });
        });
        Tensor::of(shape, numbers)
    }

    fn keeps_mask(&self) -> bool {
        true
    }

    fn backward(&self, step: &mut Step<'_, T>) {
        let (condition, dy) = (step.inputs[0], step.gradient);
        let shape = *step.output.shape();
        step.add(0, |_| T::zero());
        for input in [1, 2] {
            let own = stretched(step.shape(input), &shape);
            let chosen = stretched(condition.shape(), &shape);
            step.write(input, |gradient, add| {
                if !add {
                    gradient.fill(T::zero());
                }
                let strides = [&strides(&shape)[..], &chosen, &own];
                walk(shape.dims(), [0; 3], strides, |[at, c, i]| {
                    if (condition.data()[c] != T::zero()) == (input == 1) {
                        gradient[i] += dy[at];
                    }
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
