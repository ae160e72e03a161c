//! Numbers moved and scaled by what their row or their column has in common, in `f64`.
//!
//! `mean` and `inv` have one number for each row, if `by_row` is set, or one for each column;
//! `gamma`, `beta` and what is summed up for them have one for each column.

use super::kernel;
use super::sums::{dot, side_by_side, squares_around, sum_of};
use crate::float::Scalar;
use crate::pool;

kernel! {
    /// The means of rows, and the means of the squares of the distances from them; from 0, if
    /// `around_mean` is not set.
    pub(crate) fn row_moments<T: Scalar>(
        x: &[T], mean: &mut [f64], variance: &mut [f64], around_mean: bool,
    ) {
        let width = x.len().checked_div(mean.len()).unwrap_or(0);
        if width == 0 {
            return;
        }
        for ((x, mean), variance) in x.chunks_exact(width).zip(mean).zip(variance) {
            *mean = if around_mean { sum_of(x) / width as f64 } else { 0.0 };
            *variance = squares_around(x, *mean) / width as f64;
        }
    }

    /// The same of columns.
    pub(crate) fn column_moments<T: Scalar>(
        x: &[T], mean: &mut [f64], variance: &mut [f64], around_mean: bool,
    ) {
        let count = x.len().checked_div(mean.len()).unwrap_or(0);
        if count == 0 {
            return;
        }
        let width = mean.len();
        if around_mean {
            for x in x.chunks_exact(width) {
                for (mean, x) in mean.iter_mut().zip(x) {
                    *mean += x.as_f64();
                }
            }
            for mean in mean.iter_mut() {
                *mean /= count as f64;
            }
        }
        for x in x.chunks_exact(width) {
            for ((variance, mean), x) in variance.iter_mut().zip(&*mean).zip(x) {
                let moved = x.as_f64() - *mean;
                *variance += moved * moved;
            }
        }
        for variance in variance {
            *variance /= count as f64;
        }
    }

    /// `y = (x - mean) · inv · gamma + beta`.
    pub(crate) fn normalize<T: Scalar>(
        x: &[T], y: &mut [T], moments: [&[f64]; 2], weights: [&[f64]; 2], by_row: bool,
    ) {
        let ([mean, inv], [gamma, beta]) = (moments, weights);
        let width = gamma.len().max(1);
        for (i, (x, y)) in x.chunks_exact(width).zip(y.chunks_exact_mut(width)).enumerate() {
            let columns = y.iter_mut().zip(x).zip(gamma.iter().zip(beta));
            if by_row {
                let (mean, inv) = (mean[i], inv[i]);
                for ((y, x), (gamma, beta)) in columns {
                    *y = T::of((x.as_f64() - mean) * inv * *gamma + *beta);
                }
            } else {
                for (((y, x), (gamma, beta)), (mean, inv)) in columns.zip(mean.iter().zip(inv)) {
                    *y = T::of((x.as_f64() - *mean) * *inv * *gamma + *beta);
                }
            }
        }
    }

    /// The sums of the columns of `dy · x̂` and of `dy`, with `x̂ = (x - mean) · inv`.
    pub(crate) fn weight_sums<T: Scalar>(
        x: &[T], dy: &[T], moments: [&[f64]; 2], by_row: bool, scaled: &mut [f64], sums: &mut [f64],
    ) {
        let [mean, inv] = moments;
        let width = sums.len().max(1);
        for (i, (x, dy)) in x.chunks_exact(width).zip(dy.chunks_exact(width)).enumerate() {
            let columns = scaled.iter_mut().zip(sums.iter_mut()).zip(x.iter().zip(dy));
            if by_row {
                let (mean, inv) = (mean[i], inv[i]);
                for ((scaled, sum), (x, dy)) in columns {
                    *scaled += dy.as_f64() * ((x.as_f64() - mean) * inv);
                    *sum += dy.as_f64();
                }
            } else {
                for (((scaled, sum), (x, dy)), (mean, inv)) in columns.zip(mean.iter().zip(inv)) {
                    *scaled += dy.as_f64() * ((x.as_f64() - *mean) * *inv);
                    *sum += dy.as_f64();
                }
            }
        }
    }

    /// `dx = inv · (d - shift - x̂ · scale)` with `d = dy · gamma`, where `shift` is the mean of d
    /// over a row and `scale` that of `d · x̂`; each is 0 unless its `moves` is set.
    pub(crate) fn pull_rows<T: Scalar>(
        x: &[T], dy: &[T], dx: &mut [T], moments: [&[f64]; 2], gamma: &[f64], moves: [bool; 2],
        add: bool,
    ) {
        let width = gamma.len();
        if width == 0 {
            return;
        }
        let [mut d, mut scaled] = [width; 2].map(pool::zeros::<f64>);
        let rows = x.chunks_exact(width).zip(dy.chunks_exact(width));
        let rows = rows.zip(dx.chunks_exact_mut(width)).zip(moments[0].iter().zip(moments[1]));
        for (((x, dy), dx), (mean, inv)) in rows {
            let columns = d.iter_mut().zip(scaled.iter_mut()).zip(x.iter().zip(dy)).zip(gamma);
            for (((d, scaled), (x, dy)), gamma) in columns {
                *scaled = (x.as_f64() - *mean) * *inv;
                *d = dy.as_f64() * *gamma;
            }
            let count = width as f64;
            let shift = if moves[0] { side_by_side(&d) / count } else { 0.0 };
            let scale = if moves[1] { dot(&d, &scaled) / count } else { 0.0 };
            for ((dx, d), scaled) in dx.iter_mut().zip(&*d).zip(&*scaled) {
                let value = T::of(*inv * (*d - (shift + *scaled * scale)));
                *dx = if add { *dx + value } else { value };
            }
        }
    }

    /// The same where a shift and a scale of each column are known.
    pub(crate) fn pull_columns<T: Scalar>(
        x: &[T], dy: &[T], dx: &mut [T], moments: [&[f64]; 2], gamma: &[f64], moves: [&[f64]; 2],
        add: bool,
    ) {
        let ([mean, inv], [shift, scale]) = (moments, moves);
        let width = gamma.len().max(1);
        let rows = x.chunks_exact(width).zip(dy.chunks_exact(width));
        for ((x, dy), dx) in rows.zip(dx.chunks_exact_mut(width)) {
            let columns = dx.iter_mut().zip(x).zip(dy).zip(mean.iter().zip(inv));
            let moves = gamma.iter().zip(shift).zip(scale);
            for ((((dx, x), dy), (mean, inv)), ((gamma, shift), scale)) in columns.zip(moves) {
                let scaled = (x.as_f64() - *mean) * *inv;
                let value = T::of(*inv * (dy.as_f64() * *gamma - (*shift + scaled * *scale)));
                *dx = if add { *dx + value } else { value };
            }
        }
    }
}
