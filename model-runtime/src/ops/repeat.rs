//! Every pixel several times.

use model_spec::Shape;

use crate::float::Scalar;
use crate::kernels::kernel;
use crate::kernels::parts::each_piece;
use crate::pool;
use crate::tape::{Op, Recorded, Step};
use crate::tensor::Tensor;

/// Input: x `(samples, …, width, channels)`; each row becomes `times.0` rows, and each pixel of it
/// `times.1` pixels.
#[derive(Clone)]
pub(crate) struct Repeat {
    pub times: (usize, usize),
    /// The shape of what comes out.
    pub output: Shape,
}

/// Rows of pixels, of which each is repeated.
#[derive(Clone, Copy)]
struct Rows {
    width: usize,
    channels: usize,
    times: (usize, usize),
}

impl Rows {
    /// How many numbers a row has, and how many what becomes of it.
    fn sizes(&self) -> (usize, usize) {
        let row = self.width * self.channels;
        (row, row * self.times.0 * self.times.1)
    }
}

kernel! {
    /// Writes one row again and again.
    fn repeat<T: Scalar>(rows: Rows, x: &[T], y: &mut [T]) {
        let Rows { width, channels, times } = rows;
        let (first, others) = y.split_at_mut(width * channels * times.1);
        for (x, y) in x.chunks_exact(channels).zip(first.chunks_exact_mut(channels * times.1)) {
            for y in y.chunks_exact_mut(channels) {
                y.copy_from_slice(x);
            }
        }
        for other in others.chunks_exact_mut(first.len()) {
            other.copy_from_slice(first);
        }
    }

    /// Adds to one row what became of it.
    fn gather<T: Scalar>(rows: Rows, dy: &[T], dx: &mut [T]) {
        let Rows { width, channels, times } = rows;
        for dy in dy.chunks_exact(width * channels * times.1) {
            let pixels = dx.chunks_exact_mut(channels).zip(dy.chunks_exact(channels * times.1));
            for (dx, dy) in pixels {
                for dy in dy.chunks_exact(channels) {
                    for (dx, dy) in dx.iter_mut().zip(dy) {
                        *dx += *dy;
                    }
                }
            }
        }
    }
}

impl Repeat {
    fn rows(&self, x: &Shape) -> Rows {
        Rows { width: x.dim(x.rank() - 2), channels: x.last(), times: self.times }
    }
}

impl<T: Scalar> Op<T> for Repeat {
    fn forward(&mut self, inputs: &[&Tensor<T>]) -> Tensor<T> {
        let (x, rows) = (inputs[0].data(), self.rows(inputs[0].shape()));
        let (from, to) = rows.sizes();
        let mut y = pool::unset(self.output.size().unwrap_or(0));
        each_piece(&mut y, to, |i, y| repeat(rows, &x[i * from..][..from], y));
        Tensor::of(self.output, y)
    }

    fn backward(&self, step: &mut Step<'_, T>) {
        let (dy, rows) = (step.gradient, self.rows(step.shape(0)));
        let (from, to) = rows.sizes();
        step.write(0, |dx, add| {
            if !add {
                dx.fill(T::zero());
            }
            each_piece(dx, from, |i, dx| gather(rows, &dy[i * to..][..to], dx));
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
        for times in [(1, 1), (2, 3), (3, 1)] {
            let output = Shape::new(&[2, 3 * times.0, 4 * times.1, 2]);
            check(|| Repeat { times, output }, &[random(&[2, 3, 4, 2], 1)]);
        }
        let output = Shape::new(&[2, 8, 3]);
        check(|| Repeat { times: (1, 2), output }, &[random(&[2, 4, 3], 1)]);
        check(
            || Repeat { times: (2, 2), output: Shape::new(&[0, 8, 8, 3]) },
            &[random(&[0, 4, 4, 3], 1)],
        );
    }

    #[test]
    fn rows_and_pixels_stand_side_by_side() {
        let x = Tensor::new(Shape::new(&[1, 2, 2, 1]), vec![1.0, 2.0, 3.0, 4.0]);
        let y = Repeat { times: (2, 3), output: Shape::new(&[1, 4, 6, 1]) }.forward(&[&x]);
        let (above, below) = ([1.0, 1.0, 1.0, 2.0, 2.0, 2.0], [3.0, 3.0, 3.0, 4.0, 4.0, 4.0]);
        assert_eq!(*y.data(), *[above, above, below, below].concat());
    }
}
