//! Sum, mean, largest and smallest over some of the axes.

use model_spec::{MAX_RANK, Shape};

use super::strided::{strides, walk};
use crate::float::Scalar;
use crate::tape::{Op, Step};
use crate::tensor::Tensor;

/// What is made of the numbers along the axes.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Reduction {
    Sum,
    Mean,
    /// Minus infinity of nothing.
    Max,
    /// Infinity of nothing.
    Min,
}

/// A reduction over the axes that are `true`, which stay with size 1 where `keepdims` is set.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reduce {
    pub reduction: Reduction,
    pub axes: [bool; MAX_RANK],
    pub keepdims: bool,
}

impl Reduce {
    /// The shape with size 1 in place of the axes.
    fn kept(&self, shape: &Shape) -> Shape {
        (0..shape.rank()).fold(*shape, |kept, i| if self.axes[i] { kept.with(i, 1) } else { kept })
    }

    fn output(&self, shape: &Shape) -> Shape {
        let stays = |&i: &usize| self.keepdims || !self.axes[i];
        let kept = self.kept(shape);
        Shape::new(&(0..shape.rank()).filter(stays).map(|i| kept.dim(i)).collect::<Vec<_>>())
    }

    /// Calls `visit` with the position of each number and of what it goes into.
    fn walk(&self, shape: &Shape, mut visit: impl FnMut(usize, usize)) {
        let mut into = strides(&self.kept(shape));
        (0..shape.rank()).filter(|&i| self.axes[i]).for_each(|i| into[i] = 0);
        walk(shape.dims(), [0, 0], [&strides(shape), &into], |[from, to]| visit(from, to));
    }

    /// How many numbers go into one.
    fn count(&self, shape: &Shape) -> usize {
        (0..shape.rank()).filter(|&i| self.axes[i]).map(|i| shape.dim(i)).product()
    }

    /// Whether `x` takes the place of the largest or smallest so far; a NaN does, and stays.
    fn wins<T: Scalar>(&self, x: T, so_far: T) -> bool {
        match self.reduction {
            _ if so_far.is_nan() => false,
            Reduction::Max => x.is_nan() || x > so_far,
            _ => x.is_nan() || x < so_far,
        }
    }
}

impl<T: Scalar> Op<T> for Reduce {
    fn forward(&mut self, inputs: &[&Tensor<T>]) -> Tensor<T> {
        let (x, shape) = (inputs[0].data(), inputs[0].shape());
        let output = self.output(shape);
        let size = output.size().unwrap_or(0);
        let numbers = match self.reduction {
            Reduction::Sum | Reduction::Mean => {
                // In f64, so that many f32 add up without a loss.
                let mut sums = vec![0.0; size];
                self.walk(shape, |from, to| sums[to] += x[from].as_f64());
                let count =
                    if self.reduction == Reduction::Mean { self.count(shape) as f64 } else { 1.0 };
                sums.into_iter().map(|sum| T::of(sum / count)).collect()
            }
            Reduction::Max | Reduction::Min => {
                let start = T::infinity();
                let start = if self.reduction == Reduction::Max { -start } else { start };
                let mut best = vec![start; size];
                self.walk(shape, |from, to| {
                    if self.wins(x[from], best[to]) {
                        best[to] = x[from];
                    }
                });
                best
            }
        };
        Tensor::new(output, numbers)
    }

    fn backward(&self, step: &mut Step<'_, T>) {
        let (x, y, dy) = (step.inputs[0].data(), step.output.data(), step.gradient);
        let shape = step.shape(0);
        // How much of `dy` each number gets; of several that are the largest, each an equal part.
        let share: Vec<T> = match self.reduction {
            Reduction::Sum => dy.to_vec(),
            Reduction::Mean => {
                let count = T::of(self.count(shape) as f64);
                dy.iter().map(|&dy| dy / count).collect()
            }
            Reduction::Max | Reduction::Min => {
                let mut ties = vec![T::zero(); y.len()];
                self.walk(shape, |from, to| {
                    if x[from] == y[to] {
                        ties[to] += T::one();
                    }
                });
                dy.iter().zip(ties).map(|(&dy, ties)| dy / ties).collect()
            }
        };
        let all = matches!(self.reduction, Reduction::Sum | Reduction::Mean);
        step.write(0, |dx, add| {
            self.walk(shape, |from, to| {
                let part = if all || x[from] == y[to] { share[to] } else { T::zero() };
                dx[from] = if add { dx[from] + part } else { part };
            });
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gradcheck::{check, random};

    const ALL: [Reduction; 4] = [Reduction::Sum, Reduction::Mean, Reduction::Max, Reduction::Min];

    fn axes(chosen: &[usize]) -> [bool; MAX_RANK] {
        std::array::from_fn(|axis| chosen.contains(&axis))
    }

    #[test]
    fn gradients() {
        for reduction in ALL {
            for (chosen, keepdims) in [
                (&[][..], false),
                (&[0], false),
                (&[1], true),
                (&[0, 2], false),
                (&[0, 1, 2], true),
            ] {
                let op = Reduce { reduction, axes: axes(chosen), keepdims };
                check(|| op, &[random(&[3, 1, 4], 1)]);
                check(|| op, &[random(&[2, 3, 5], 2)]);
            }
        }
    }

    #[test]
    fn values_are_those_of_the_definitions() {
        let x = Tensor::new(Shape::new(&[2, 3]), vec![1.0, -2.0, 4.0, 0.5, 0.5, f64::NAN]);
        let of = |reduction, chosen: &[usize]| {
            Reduce { reduction, axes: axes(chosen), keepdims: false }.forward(&[&x])
        };
        assert_eq!(of(Reduction::Sum, &[1]).data()[0], 3.0);
        assert_eq!(of(Reduction::Mean, &[0]).data()[..2], [0.75, -0.75]);
        assert_eq!(of(Reduction::Max, &[1]).data()[0], 4.0);
        assert_eq!(of(Reduction::Min, &[1]).data()[0], -2.0);
        for reduction in ALL {
            assert!(of(reduction, &[1]).data()[1].is_nan(), "{reduction:?} loses a NaN");
        }
    }
}
