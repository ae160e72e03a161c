//! An image made larger, with straight lines between its pixels (bilinear). Pixels are squares, and
//! their centres are where their numbers are; beyond the outermost centres nothing changes.

use model_spec::Shape;

use crate::float::Scalar;
use crate::pool;
use crate::tape::{Op, Recorded, Step};
use crate::tensor::Tensor;

/// Input: x `(samples, height, width, channels)`; each pixel becomes `times.0 × times.1`.
#[derive(Clone)]
pub(crate) struct Bilinear {
    pub times: (usize, usize),
    /// The shape of what comes out.
    pub output: Shape,
}

/// For each position of a larger axis: the two positions it lies between, and how far it is from
/// the first to the second.
fn between(size: usize, times: usize) -> Vec<(usize, usize, f64)> {
    let position = |i| {
        let at = ((i as f64 + 0.5) / times as f64 - 0.5).max(0.0);
        let first = at.floor() as usize;
        (first, (first + 1).min(size - 1), at - at.floor())
    };
    (0..size * times).map(position).collect()
}

impl Bilinear {
    /// Visits where a pixel of y and one of the pixels of x that it is made of begin, and the
    /// weight.
    fn walk<T: Scalar>(&self, x: &Shape, mut visit: impl FnMut(usize, usize, T)) {
        let (height, width, channels) = (x.dim(1), x.dim(2), x.dim(3));
        let (rows, cols) = (between(height, self.times.0), between(width, self.times.1));
        let mut to = 0;
        for sample in 0..x.dim(0) {
            for &(top, bottom, down) in &rows {
                for &(left, right, across) in &cols {
                    for (row, weight) in [(top, 1.0 - down), (bottom, down)] {
                        for (col, part) in [(left, 1.0 - across), (right, across)] {
                            let from = ((sample * height + row) * width + col) * channels;
                            // What has no weight is not looked at: it may be NaN.
                            if weight * part > 0.0 {
                                visit(to, from, T::of(weight * part));
                            }
                        }
                    }
                    to += channels;
                }
            }
        }
    }
}

impl<T: Scalar> Op<T> for Bilinear {
    fn forward(&mut self, inputs: &[&Tensor<T>]) -> Tensor<T> {
        let (x, shape) = (inputs[0].data(), inputs[0].shape());
        let channels = shape.last();
        let mut y = pool::zeros(self.output.size().unwrap_or(0));
        self.walk(shape, |to, from, weight: T| {
            let x = &x[from..][..channels];
            y[to..][..channels].iter_mut().zip(x).for_each(|(y, &x)| *y += weight * x);
        });
        Tensor::of(self.output, y)
    }

    fn backward(&self, step: &mut Step<'_, T>) {
        let (shape, dy) = (step.shape(0), step.gradient);
        let channels = shape.last();
        step.write(0, |dx, add| {
            if !add {
                dx.fill(T::zero());
            }
            self.walk(shape, |to, from, weight: T| {
                let dy = &dy[to..][..channels];
                dx[from..][..channels].iter_mut().zip(dy).for_each(|(dx, &dy)| *dx += weight * dy);
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
        for times in [(1, 1), (2, 3), (3, 1)] {
            let output = Shape::new(&[2, 3 * times.0, 4 * times.1, 2]);
            check(|| Bilinear { times, output }, &[random(&[2, 3, 4, 2], 1)]);
        }
    }

    #[test]
    fn a_line_stays_a_line_between_the_centres() {
        // A linear function is kept wherever there are pixels on both sides.
        let x = Tensor::new(Shape::new(&[1, 2, 3, 1]), vec![0.0, 4.0, 8.0, 8.0, 12.0, 16.0]);
        let output = Shape::new(&[1, 4, 6, 1]);
        let y = Bilinear { times: (2, 2), output }.forward(&[&x]);
        let row = |y: f64| [0.0, 1.0, 3.0, 5.0, 7.0, 8.0].map(|x| x + y);
        let expected: Vec<f64> = [0.0, 2.0, 6.0, 8.0].into_iter().flat_map(row).collect();
        assert_eq!(y.data(), expected);
    }
}
