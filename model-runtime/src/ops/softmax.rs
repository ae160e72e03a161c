//! Softmax along an axis, and its logarithm.

use super::spread::sum;
use crate::float::Scalar;
use crate::kernels::functions::{exp, ln};
use crate::kernels::softmax as rows;
use crate::pool;
use crate::tape::{Op, Recorded, Step};
use crate::tensor::Tensor;

/// `exp(x) / Σ exp(x)` along an axis, or the logarithm of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Softmax {
    axis: usize,
    /// Whether the axis is the last.
    last: bool,
    log: bool,
}

impl Softmax {
    pub fn new(axis: usize, rank: usize, log: bool) -> Softmax {
        Softmax { axis, last: axis + 1 == rank, log }
    }

    /// The positions of each line along the axis.
    fn lines(self, dims: &[usize]) -> impl Iterator<Item = impl Iterator<Item = usize> + Clone> {
        let (n, inner) = (dims[self.axis], dims[self.axis + 1..].iter().product::<usize>());
        let outer: usize = dims[..self.axis].iter().product();
        (0..outer).flat_map(move |o| {
            (0..inner).map(move |i| (0..n).map(move |k| (o * n + k) * inner + i))
        })
    }
}

impl<T: Scalar> Op<T> for Softmax {
    fn keeps_mask(&self) -> bool {
        true
    }

    fn forward(&mut self, inputs: &[&Tensor<T>]) -> Tensor<T> {
        let mut y = pool::copy(inputs[0].data());
        if self.last {
            let width = inputs[0].shape().last();
            match self.log {
                true => rows::log_softmax(&mut y, width),
                false => rows::softmax(&mut y, width, T::one()),
            }
            return Tensor::of(*inputs[0].shape(), y);
        }
        for line in self.lines(inputs[0].shape().dims()) {
            // The largest becomes 0, so that no exp overflows.
            let most = line.clone().fold(T::neg_infinity(), |most, i| most.max(y[i]));
            let mut sum = T::zero();
            for i in line.clone() {
                y[i] -= most;
                let part = exp::<false, _>(y[i]);
                sum += part;
                if !self.log {
                    y[i] = part;
                }
            }
            let log = ln::<false, _>(sum);
            line.for_each(|i| y[i] = if self.log { y[i] - log } else { y[i] / sum });
        }
        Tensor::of(*inputs[0].shape(), y)
    }

    fn backward(&self, step: &mut Step<'_, T>) {
        let (y, dy) = (step.output.data(), step.gradient);
        let dims = step.shape(0).dims();
        step.write(0, |dx, add| {
            if self.last {
                let pull = if self.log { rows::pull_log_softmax } else { rows::pull_softmax };
                return pull(y, dy, dx, dims[self.axis], add);
            }
            for line in self.lines(dims) {
                let weight = |i: usize| if self.log { dy[i] } else { dy[i] * y[i] };
                let sum: T = line.clone().map(weight).sum();
                for i in line {
                    let slope = if self.log {
                        dy[i] - exp::<false, _>(y[i]) * sum
                    } else {
                        y[i] * (dy[i] - sum)
                    };
                    dx[i] = if add { dx[i] + slope } else { slope };
                }
            }
        });
    }

    fn is_softmax(&self) -> bool {
        self.last && !self.log
    }

    fn backward_recorded(&self, step: &mut Recorded) {
        let (y, dy, axis, log) = (step.output, step.gradient, self.axis, self.log);
        let along = std::array::from_fn(|i| i == axis);
        step.add(0, || {
            if log { dy - y.exp() * sum(dy, along) } else { y * (dy - sum(dy * y, along)) }
        });
    }
}

#[cfg(test)]
mod tests {
    use model_spec::Shape;

    use super::*;
    use crate::gradcheck::{check, random};

    #[test]
    fn gradients() {
        for log in [false, true] {
            for axis in 0..3 {
                check(|| Softmax::new(axis, 3, log), &[random(&[3, 5, 2], 1)]);
                check(|| Softmax::new(axis, 3, log), &[random(&[1, 4, 1], 2)]);
            }
        }
    }

    #[test]
    fn large_numbers_do_not_overflow_and_a_nan_is_not_lost() {
        let x = Tensor::new(Shape::new(&[2, 2]), vec![1000.0f32, 1000.0, f32::NAN, 1.0]);
        let y = Softmax::new(1, 2, false).forward(&[&x]);
        assert_eq!(y.data()[..2], [0.5, 0.5]);
        assert!(y.data()[2..].iter().all(|y| y.is_nan()));
        let y = Softmax::new(1, 2, true).forward(&[&x]);
        assert_eq!(y.data()[..2], [-core::f32::consts::LN_2; 2]);
    }
}
