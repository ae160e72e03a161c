//! Images whose pixels are means of the pixels of others: made larger or smaller, cut, turned
//! round, moved. Rows and columns are found apart.

use std::sync::Arc;

use model_spec::Shape;

use super::gather::NOWHERE;
use crate::float::Scalar;
use crate::pool;
use crate::tape::{Op, Recorded, Step};
use crate::tensor::Tensor;

/// What a position along an axis is made of: positions, or [`NOWHERE`], and their weights.
pub(crate) type Mean = [(usize, f64); 2];

/// One position as it is.
pub(crate) fn only(position: usize) -> Mean {
    [(position, 1.0), (position, 0.0)]
}

/// An axis with `size` positions stretched to `len`, with straight lines between them. Pixels are
/// squares, and their centres are where their numbers are; beyond the outermost centres nothing
/// changes.
pub(crate) fn stretched(size: usize, len: usize) -> Vec<Mean> {
    let position = |i| {
        let at = ((i as f64 + 0.5) * size as f64 / len as f64 - 0.5).max(0.0);
        let (first, part) = (at.floor() as usize, at - at.floor());
        [(first, 1.0 - part), ((first + 1).min(size - 1), part)]
    };
    (0..len).map(position).collect()
}

/// Input: x `(samples, height, width, channels)`.
#[derive(Clone)]
pub(crate) struct Resample {
    /// What each row is made of: once for all samples, or for one after the other.
    pub rows: Arc<[Mean]>,
    /// The same for each column.
    pub cols: Arc<[Mean]>,
    /// The shape of what comes out.
    pub output: Shape,
    /// What is [`NOWHERE`].
    pub fill: f64,
}

impl Resample {
    /// Visits where a pixel of y and one of the pixels of x that it is made of begin, and the
    /// weight.
    fn walk<T: Scalar>(&self, x: &Shape, mut visit: impl FnMut(usize, usize, T)) {
        let (height, width, channels) = (x.dim(1), x.dim(2), x.dim(3));
        let mut to = 0;
        for sample in 0..x.dim(0) {
            let rows = own(&self.rows, self.output.dim(1), sample);
            let cols = own(&self.cols, self.output.dim(2), sample);
            for (row, col) in rows.iter().flat_map(|row| cols.iter().map(move |col| (row, col))) {
                for (&(top, down), &(left, across)) in
                    row.iter().flat_map(|row| col.iter().map(move |col| (row, col)))
                {
                    let weight = down * across;
                    // What has no weight is not looked at: it may be NaN.
                    if weight > 0.0 {
                        let from = match top == NOWHERE || left == NOWHERE {
                            true => NOWHERE,
                            false => ((sample * height + top) * width + left) * channels,
                        };
                        visit(to, from, T::of(weight));
                    }
                }
                to += channels;
            }
        }
    }
}

/// What is there once for all samples, or a sample's own part.
fn own(means: &[Mean], len: usize, sample: usize) -> &[Mean] {
    let start = if means.len() == len { 0 } else { sample * len };
    &means[start..][..len]
}

impl<T: Scalar> Op<T> for Resample {
    fn forward(&mut self, inputs: &[&Tensor<T>]) -> Tensor<T> {
        let (x, shape, fill) = (inputs[0].data(), inputs[0].shape(), T::of(self.fill));
        let channels = shape.last();
        let mut y = pool::zeros(self.output.size().unwrap_or(0));
        self.walk(shape, |to, from, weight: T| {
            let y = &mut y[to..][..channels];
            if from == NOWHERE {
                y.iter_mut().for_each(|y| *y += weight * fill);
            } else {
                y.iter_mut().zip(&x[from..]).for_each(|(y, &x)| *y += weight * x);
            }
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
                if from != NOWHERE {
                    let dx = &mut dx[from..][..channels];
                    dx.iter_mut().zip(&dy[to..]).for_each(|(dx, &dy)| *dx += weight * dy);
                }
            });
        });
    }

    fn backward_recorded(&self, step: &mut Recorded) {
        // What is filled in does not come from x.
        step.pull(&Resample { fill: 0.0, ..self.clone() });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gradcheck::{check, random};

    fn resample(rows: Vec<Mean>, cols: Vec<Mean>, output: [usize; 4], fill: f64) -> Resample {
        Resample { rows: rows.into(), cols: cols.into(), output: Shape::new(&output), fill }
    }

    #[test]
    fn gradients() {
        for (height, width) in [(3, 4), (6, 12), (9, 4), (2, 3)] {
            let (rows, cols) = (stretched(3, height), stretched(4, width));
            let op = resample(rows, cols, [2, height, width, 2], 0.0);
            check(|| op.clone(), &[random(&[2, 3, 4, 2], 1)]);
        }
        // Each sample has rows of its own, some of which are not there.
        let rows = vec![only(2), [(0, 0.25), (NOWHERE, 0.75)], only(NOWHERE), only(2)];
        let op = resample(rows, vec![only(1), only(1), only(0)], [2, 2, 3, 2], 5.0);
        check(|| op.clone(), &[random(&[2, 3, 4, 2], 1)]);
    }

    #[test]
    fn a_line_stays_a_line_between_the_centres() {
        // A linear function is kept wherever there are pixels on both sides.
        let x = Tensor::new(Shape::new(&[1, 2, 3, 1]), vec![0.0, 4.0, 8.0, 8.0, 12.0, 16.0]);
        let y = resample(stretched(2, 4), stretched(3, 6), [1, 4, 6, 1], 0.0).forward(&[&x]);
        let row = |y: f64| [0.0, 1.0, 3.0, 5.0, 7.0, 8.0].map(|x| x + y);
        let expected: Vec<f64> = [0.0, 2.0, 6.0, 8.0].into_iter().flat_map(row).collect();
        assert_eq!(y.data(), expected);
    }

    #[test]
    fn what_is_nowhere_is_filled_in() {
        let x = Tensor::new(Shape::new(&[1, 1, 2, 1]), vec![2.0, f64::NAN]);
        let cols = vec![[(0, 0.5), (NOWHERE, 0.5)], only(0), only(NOWHERE)];
        let y = resample(vec![only(0)], cols, [1, 1, 3, 1], 8.0).forward(&[&x]);
        assert_eq!(y.data(), [5.0, 2.0, 8.0]);
    }
}
