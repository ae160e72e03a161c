//! Numbers moved and scaled by what their row or their column has in common, in `f64`.
//!
//! `mean` and `inv` have one number for each row or one for each column; `gamma`, `beta` and what
//! is summed up for them have one for each column.

use super::kernel;
use super::parts::{All, add_in_parts};
use super::sums::{dot, side_by_side, squares_around, sum_of};
use crate::float::Scalar;

kernel! {
    /// The sums of rows over `count`, and those of the squares of the distances from there; from 0,
    /// if `around_mean` is not set.
    pub(crate) fn row_moments<T: Scalar>(
        x: &[T], mean: &mut [f64], variance: &mut [f64], around_mean: bool, count: f64,
    ) in (mean.len()) {
        let width = x.len().checked_div(mean.len()).unwrap_or(0);
        if width == 0 {
            return;
        }
        for ((x, mean), variance) in x.chunks_exact(width).zip(mean).zip(variance) {
            *mean = if around_mean { sum_of(x) / count } else { 0.0 };
            *variance = squares_around(x, *mean) / count;
        }
    }

    /// Adds the squares of the distances from the means of the columns; where `counted` is not
    /// empty, of the numbers that count.
    fn add_squares<T: Scalar>(x: &[T], counted: &[bool], mean: &[f64], squares: &mut [f64]) {
        if mean.is_empty() {
            return;
        }
        for (i, x) in x.chunks_exact(mean.len()).enumerate() {
            let columns = squares.iter_mut().zip(mean).zip(x);
            if counted.is_empty() {
                for ((square, mean), x) in columns {
                    let moved = x.as_f64() - *mean;
                    *square += moved * moved;
                }
            } else {
                for (((square, mean), x), counts) in columns.zip(&counted[i * mean.len()..]) {
                    let moved = if *counts { x.as_f64() - *mean } else { 0.0 };
                    *square += moved * moved;
                }
            }
        }
    }

    /// Adds the numbers that count to the sums of the columns, and how many they are.
    fn add_counted<T: Scalar>(x: &[T], counted: &[bool], sums: &mut [f64], counts: &mut [f64]) {
        let width = sums.len().max(1);
        for (x, counted) in x.chunks_exact(width).zip(counted.chunks_exact(width)) {
            for ((sum, count), (x, counts)) in
                sums.iter_mut().zip(counts.iter_mut()).zip(x.iter().zip(counted))
            {
                *sum += if *counts { x.as_f64() } else { 0.0 };
                *count += if *counts { 1.0 } else { 0.0 };
            }
        }
    }

    /// `y = (x - mean) · inv · gamma + beta`, with moments of rows.
    pub(crate) fn normalize_rows<T: Scalar>(
        x: &[T], y: &mut [T], moments: [&[f64]; 2], weights: [All<'_, f64>; 2],
    ) in (moments[0].len()) {
        let ([mean, inv], [gamma, beta]) = (moments, weights);
        let width = gamma.0.len().max(1);
        let rows = x.chunks_exact(width).zip(y.chunks_exact_mut(width));
        for ((x, y), (mean, inv)) in rows.zip(mean.iter().zip(inv)) {
            for ((y, x), (gamma, beta)) in y.iter_mut().zip(x).zip(gamma.0.iter().zip(beta.0)) {
                *y = T::of((x.as_f64() - *mean) * *inv * *gamma + *beta);
            }
        }
    }

    /// The same with moments of columns.
    pub(crate) fn normalize_columns<T: Scalar>(
        x: &[T], y: &mut [T], moments: [All<'_, f64>; 2], weights: [All<'_, f64>; 2],
    ) in (x.len() / weights[0].0.len().max(1)) {
        let ([mean, inv], [gamma, beta]) = (moments, weights);
        let width = gamma.0.len().max(1);
        for (x, y) in x.chunks_exact(width).zip(y.chunks_exact_mut(width)) {
            let columns = y.iter_mut().zip(x).zip(gamma.0.iter().zip(beta.0));
            for (((y, x), (gamma, beta)), (mean, inv)) in columns.zip(mean.0.iter().zip(inv.0)) {
                *y = T::of((x.as_f64() - *mean) * *inv * *gamma + *beta);
            }
        }
    }

    fn add_weight_sums<T: Scalar>(
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

    /// `dx = inv · (d - shift - x̂ · scale)` with `d = dy · gamma`, where `shift` is the sum of d
    /// over a row, over the first of `bounds`, and `scale` that of `d · x̂`; each is 0 unless its
    /// `moves` is set, and `scale` also where `inv` has reached the second. `both` are x and dy.
    pub(crate) fn pull_rows<T: Scalar>(
        both: [&[T]; 2], dx: &mut [T], moments: [&[f64]; 2], gamma: All<'_, f64>,
        moves: [bool; 2], bounds: [f64; 2], add: bool,
    ) in (moments[0].len()) {
        let ([x, dy], [count, most]) = (both, bounds);
        let width = gamma.0.len();
        if width == 0 {
            return;
        }
        let (mut d, mut scaled) = ([0.0; BLOCK], [0.0; BLOCK]);
        let rows = x.chunks_exact(width).zip(dy.chunks_exact(width));
        let rows = rows.zip(dx.chunks_exact_mut(width)).zip(moments[0].iter().zip(moments[1]));
        for (((x, dy), dx), (mean, inv)) in rows {
            let (mut shift, mut scale) = (0.0, 0.0);
            let blocks = x.chunks(BLOCK).zip(dy.chunks(BLOCK)).zip(gamma.0.chunks(BLOCK));
            for ((x, dy), gamma) in blocks.clone() {
                slopes(x, dy, gamma, [*mean, *inv], [&mut d, &mut scaled]);
                shift += side_by_side(&d[..x.len()]);
                scale += dot(&d[..x.len()], &scaled[..x.len()]);
            }
            let shift = if moves[0] { shift / count } else { 0.0 };
            let scale = if moves[1] && *inv < most { scale / count } else { 0.0 };
            for (((x, dy), gamma), dx) in blocks.zip(dx.chunks_mut(BLOCK)) {
                // A short row's are still there.
                if width > BLOCK {
                    slopes(x, dy, gamma, [*mean, *inv], [&mut d, &mut scaled]);
                }
                for ((dx, d), scaled) in dx.iter_mut().zip(&d).zip(&scaled) {
                    let value = T::of(*inv * (*d - (shift + *scaled * scale)));
                    *dx = if add { *dx + value } else { value };
                }
            }
        }
    }

    /// The same where a shift and a scale of each column are known. Where `counted` is not empty,
    /// they are those of numbers that count.
    pub(crate) fn pull_columns<T: Scalar>(
        both: [&[T]; 2], dx: &mut [T], counted: &[bool], moments: [All<'_, f64>; 2],
        gamma: All<'_, f64>, moves: [All<'_, f64>; 2], add: bool,
    ) in (both[0].len() / gamma.0.len().max(1)) {
        let ([x, dy], [mean, inv], [shift, scale]) = (both, moments, moves);
        let width = gamma.0.len().max(1);
        let rows = x.chunks_exact(width).zip(dy.chunks_exact(width));
        for (i, ((x, dy), dx)) in rows.zip(dx.chunks_exact_mut(width)).enumerate() {
            let columns = dx.iter_mut().zip(x).zip(dy).zip(mean.0.iter().zip(inv.0));
            let columns = columns.zip(gamma.0.iter().zip(shift.0).zip(scale.0));
            if counted.is_empty() {
                for ((((dx, x), dy), (mean, inv)), ((gamma, shift), scale)) in columns {
                    let value = pulled(*x, *dy, [*mean, *inv, *gamma], [*shift, *scale]);
                    *dx = if add { *dx + value } else { value };
                }
            } else {
                let columns = columns.zip(&counted[i * width..]);
                for (((((dx, x), dy), (mean, inv)), ((gamma, shift), scale)), counts) in columns {
                    let moves = if *counts { [*shift, *scale] } else { [0.0; 2] };
                    let value = pulled(*x, *dy, [*mean, *inv, *gamma], moves);
                    *dx = if add { *dx + value } else { value };
                }
            }
        }
    }
}

/// `inv · (dy · gamma - (shift + x̂ · scale))` of one number.
#[inline(always)]
fn pulled<T: Scalar>(x: T, dy: T, [mean, inv, gamma]: [f64; 3], [shift, scale]: [f64; 2]) -> T {
    let scaled = (x.as_f64() - mean) * inv;
    T::of(inv * (dy.as_f64() * gamma - (shift + scaled * scale)))
}

/// How many numbers of a row are worked on at once.
const BLOCK: usize = 512;

/// `d = dy · gamma` and `x̂ = (x - mean) · inv` of a block of a row.
#[inline(always)]
fn slopes<T: Scalar>(
    x: &[T],
    dy: &[T],
    gamma: &[f64],
    [mean, inv]: [f64; 2],
    [d, scaled]: [&mut [f64; BLOCK]; 2],
) {
    let columns = d.iter_mut().zip(scaled).zip(x.iter().zip(dy)).zip(gamma);
    for (((d, scaled), (x, dy)), gamma) in columns {
        *scaled = (x.as_f64() - mean) * inv;
        *d = dy.as_f64() * *gamma;
    }
}

/// Adds the squares of the distances from the means of the columns, of which each has one; where
/// `counted` is not empty, of the numbers that count.
pub(crate) fn column_squares<T: Scalar>(
    x: &[T],
    counted: &[bool],
    mean: &[f64],
    squares: &mut [f64],
) {
    let width = mean.len();
    add_in_parts(x.len().checked_div(width).unwrap_or(0), width, squares, |some, squares| {
        let numbers = some.start * width..some.end * width;
        let counted = if counted.is_empty() { counted } else { &counted[numbers.clone()] };
        add_squares(&x[numbers], counted, mean, squares);
    });
}

/// The sums of the columns of what counts, and after them how many that are.
pub(crate) fn counted_sums<T: Scalar>(x: &[T], counted: &[bool], sums: &mut [f64]) {
    let width = sums.len() / 2;
    add_in_parts(x.len().checked_div(width).unwrap_or(0), width, sums, |some, sums| {
        let (sums, counts) = sums.split_at_mut(width);
        let numbers = some.start * width..some.end * width;
        add_counted(&x[numbers.clone()], &counted[numbers], sums, counts);
    });
}

/// The sums of the columns of `dy · x̂`, with `x̂ = (x - mean) · inv`, and after them those of
/// `dy`.
pub(crate) fn weight_sums<T: Scalar>(
    x: &[T],
    dy: &[T],
    [mean, inv]: [&[f64]; 2],
    by_row: bool,
    sums: &mut [f64],
) {
    let width = sums.len() / 2;
    add_in_parts(x.len().checked_div(width).unwrap_or(0), width, sums, |some, sums| {
        let (scaled, sums) = sums.split_at_mut(width);
        let rows = some.start * width..some.end * width;
        let moments = if by_row { [&mean[some.clone()], &inv[some]] } else { [mean, inv] };
        add_weight_sums(&x[rows.clone()], &dy[rows], moments, by_row, scaled, sums);
    });
}
