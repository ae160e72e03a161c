//! Softmax along an axis, and its logarithm.

use super::spread::sum;
use crate::float::Scalar;
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

    /// How many numbers belong together, and how far apart they stand.
    fn lines(self, dims: &[usize]) -> (usize, usize) {
        (dims[self.axis], dims[self.axis + 1..].iter().product())
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
        let (n, inner) = self.lines(inputs[0].shape().dims());
        rows::softmax_apart(&mut y, n, inner, self.log);
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
            let (n, inner) = self.lines(dims);
            rows::pull_softmax_apart(y, dy, dx, n, inner, self.log, add);
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
    fn along_any_axis_it_is_the_definition() {
        let dims = [3, 5, 4];
        let x = random::<f64>(&dims, 3);
        for axis in 0..3 {
            let inner: usize = dims[axis + 1..].iter().product();
            let [p, log] = [false, true].map(|log| Softmax::new(axis, 3, log).forward(&[&x]));
            for (i, (p, log)) in p.data().iter().zip(log.data()).enumerate() {
                let first = i - i / inner % dims[axis] * inner;
                let line = (0..dims[axis]).map(|k| x.data()[first + k * inner].exp());
                let expected = x.data()[i].exp() / line.sum::<f64>();
                assert!((p - expected).abs() < 1e-14 && (log - expected.ln()).abs() < 1e-14);
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
