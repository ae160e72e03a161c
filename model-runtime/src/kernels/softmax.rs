//! Softmax of rows, which stand one after the other.

use super::functions::{exp, ln};
use super::kernel;
use super::sums::{dot, side_by_side};
use crate::float::Scalar;
use crate::pool;

/// How many numbers are worked on at once: they stay in the fastest cache, and short rows do not
/// stand in the way of computing several numbers at once.
const BLOCK: usize = 1024;

/// The rows of this width that a block has, or a longer one.
fn block(width: usize) -> usize {
    (BLOCK / width).max(1) * width
}

/// How many rows there are.
fn rows<T>(numbers: &[T], width: usize) -> usize {
    numbers.len().checked_div(width).unwrap_or(0)
}

/// So many numbers of a row are looked at side by side: rows of attention are short.
const LANES: usize = 16;

/// The numbers of the lanes together, half of them with the other half.
macro_rules! together {
    ($lanes:expr, |$a:ident, $b:ident| $f:expr) => {{
        let mut lanes: [T; LANES] = $lanes;
        for half in [8, 4, 2, 1] {
            for i in 0..half {
                let ($a, $b) = (lanes[i], lanes[i + half]);
                lanes[i] = $f;
            }
        }
        lanes[0]
    }};
}

/// The sum of a row.
#[inline(always)]
fn sum<T: Scalar>(row: &[T]) -> T {
    let mut sums = [T::zero(); LANES];
    let (chunks, rest) = row.as_chunks::<LANES>();
    for chunk in chunks {
        for (sum, y) in sums.iter_mut().zip(chunk) {
            *sum += *y;
        }
    }
    let mut all = if chunks.is_empty() { T::zero() } else { together!(sums, |a, b| a + b) };
    for y in rest {
        all += *y;
    }
    all
}

/// Multiplies the numbers, and takes the largest of each row off the row, so that no exp overflows.
#[inline(always)]
fn take_largest<T: Scalar>(rows: &mut [T], width: usize, scale: T) {
    for row in rows.chunks_exact_mut(width) {
        let (mut most, mut all) = ([T::neg_infinity(); LANES], T::neg_infinity());
        let (chunks, rest) = row.as_chunks_mut::<LANES>();
        for chunk in chunks.iter_mut() {
            for (most, y) in most.iter_mut().zip(chunk) {
                *y *= scale;
                *most = if *y > *most { *y } else { *most };
            }
        }
        if !chunks.is_empty() {
            all = together!(most, |a, b| if a > b { a } else { b });
        }
        for y in rest {
            *y *= scale;
            all = if *y > all { *y } else { all };
        }
        for y in row {
            *y -= all;
        }
    }
}

kernel! {
    /// `exp(scale · y) / Σ exp(scale · y)` of each row, in place.
    pub(crate) fn softmax<T: Scalar>(
        y: &mut [T], width: usize, scale: T,
    ) in (rows(y, width)) {
        if width == 0 {
            return;
        }
        for rows in y.chunks_mut(block(width)) {
            take_largest(rows, width, scale);
            for y in rows.iter_mut() {
                *y = exp::<FUSED, _>(*y);
            }
            for row in rows.chunks_exact_mut(width) {
                let share = T::one() / sum(row);
                for y in row {
                    *y *= share;
                }
            }
        }
    }

    /// `y - ln Σ exp(y)` of each row, in place.
    pub(crate) fn log_softmax<T: Scalar>(y: &mut [T], width: usize) in (rows(y, width)) {
        if width == 0 {
            return;
        }
        let mut exps = [T::zero(); BLOCK];
        for rows in y.chunks_mut(block(width)) {
            take_largest(rows, width, T::one());
            if width <= BLOCK {
                for (exps, y) in exps.iter_mut().zip(&*rows) {
                    *exps = exp::<FUSED, _>(*y);
                }
                for (row, exps) in rows.chunks_exact_mut(width).zip(exps.chunks_exact(width)) {
                    let log = ln::<FUSED, _>(side_by_side(exps));
                    for y in row {
                        *y -= log;
                    }
                }
                continue;
            }
            let mut sum = T::zero();
            for piece in rows.chunks(BLOCK) {
                let exps = &mut exps[..piece.len()];
                for (exps, y) in exps.iter_mut().zip(piece) {
                    *exps = exp::<FUSED, _>(*y);
                }
                sum += side_by_side(exps);
            }
            let log = ln::<FUSED, _>(sum);
            for y in rows {
                *y -= log;
            }
        }
    }

    /// `exp(y) / Σ exp(y)`, or the logarithm of it, in place, of each `n` numbers that stand
    /// `inner` apart.
    pub(crate) fn softmax_apart<T: Scalar>(
        y: &mut [T], n: usize, inner: usize, log: bool,
    ) in (rows(y, n * inner)) {
        if n * inner == 0 {
            return;
        }
        let [mut most, mut sums] = [0; 2].map(|_| pool::unset::<T>(inner));
        for lines in y.chunks_exact_mut(n * inner) {
            most.fill(T::neg_infinity());
            for y in lines.chunks_exact(inner) {
                for (most, y) in most.iter_mut().zip(y) {
                    *most = if *y > *most { *y } else { *most };
                }
            }
            sums.fill(T::zero());
            for y in lines.chunks_exact_mut(inner) {
                for ((y, most), sum) in y.iter_mut().zip(&most).zip(sums.iter_mut()) {
                    *y -= *most;
                    let part = exp::<FUSED, _>(*y);
                    *sum += part;
                    *y = if log { *y } else { part };
                }
            }
            for sum in sums.iter_mut() {
                *sum = if log { ln::<FUSED, _>(*sum) } else { T::one() / *sum };
            }
            for y in lines.chunks_exact_mut(inner) {
                for (y, sum) in y.iter_mut().zip(&sums) {
                    *y = if log { *y - *sum } else { *y * *sum };
                }
            }
        }
    }

    /// The gradient by what [`softmax_apart`] was given, where it made y.
    pub(crate) fn pull_softmax_apart<T: Scalar>(
        y: &[T], dy: &[T], dx: &mut [T], n: usize, inner: usize, log: bool, add: bool,
    ) in (rows(y, n * inner)) {
        if n * inner == 0 {
            return;
        }
        let mut sums = pool::unset::<T>(inner);
        let all = y.chunks_exact(n * inner).zip(dy.chunks_exact(n * inner));
        for ((y, dy), dx) in all.zip(dx.chunks_exact_mut(n * inner)) {
            let lines = y.chunks_exact(inner).zip(dy.chunks_exact(inner));
            sums.fill(T::zero());
            for (y, dy) in lines.clone() {
                for (sum, (y, dy)) in sums.iter_mut().zip(y.iter().zip(dy)) {
                    *sum += if log { *dy } else { *dy * *y };
                }
            }
            for ((y, dy), dx) in lines.zip(dx.chunks_exact_mut(inner)) {
                for (((dx, y), dy), sum) in dx.iter_mut().zip(y).zip(dy).zip(&sums) {
                    let part = if log { exp::<FUSED, _>(*y) } else { *y };
                    let slope = if log { *dy - part * *sum } else { part * (*dy - *sum) };
                    *dx = if add { *dx + slope } else { slope };
                }
            }
        }
    }

    /// The gradient by what softmax was given, `p · (dy - Σ p · dy)` of each row, where it made p.
    pub(crate) fn pull_softmax<T: Scalar>(
        p: &[T], dy: &[T], dx: &mut [T], width: usize, add: bool,
    ) in (rows(p, width)) {
        if width == 0 {
            return;
        }
        let rows = p.chunks_exact(width).zip(dy.chunks_exact(width));
        for ((p, dy), dx) in rows.zip(dx.chunks_exact_mut(width)) {
            let sum = dot(p, dy);
            for ((dx, p), dy) in dx.iter_mut().zip(p).zip(dy) {
                let slope = *p * (*dy - sum);
                *dx = if add { *dx + slope } else { slope };
            }
        }
    }

    /// The gradient by what was multiplied with `scale` and given to softmax, in the place of that
    /// by p.
    pub(crate) fn pull_softmax_in_place<T: Scalar>(
        p: &[T], dp: &mut [T], width: usize, scale: T,
    ) in (rows(p, width)) {
        if width == 0 {
            return;
        }
        for (p, dp) in p.chunks_exact(width).zip(dp.chunks_exact_mut(width)) {
            let sum = dot(p, dp);
            for (dp, p) in dp.iter_mut().zip(p) {
                *dp = scale * *p * (*dp - sum);
            }
        }
    }

    /// The gradient by what log-softmax was given, `dy - exp(y) · Σ dy` of each row, where it made
    /// y.
    pub(crate) fn pull_log_softmax<T: Scalar>(
        y: &[T], dy: &[T], dx: &mut [T], width: usize, add: bool,
    ) in (rows(y, width)) {
        if width == 0 {
            return;
        }
        let rows = y.chunks_exact(width).zip(dy.chunks_exact(width));
        for ((y, dy), dx) in rows.zip(dx.chunks_exact_mut(width)) {
            let sum = side_by_side(dy);
            for ((dx, y), dy) in dx.iter_mut().zip(y).zip(dy) {
                let slope = *dy - exp::<FUSED, _>(*y) * sum;
                *dx = if add { *dx + slope } else { slope };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gradcheck::random;
    use crate::kernels::engine::tests::on_each;

    #[test]
    fn rows_of_any_width_are_those_of_the_definition() {
        for (rows, width) in
            [(0, 3), (3, 0), (1, 1), (300, 10), (3, 31), (7, 150), (2, 1024), (2, 2500)]
        {
            let x = random::<f32>(&[rows, width], 1);
            let results = on_each(|| {
                let (mut p, mut log) = (x.data().to_vec(), x.data().to_vec());
                softmax(&mut p, width, 0.5);
                log_softmax(&mut log, width);
                (p, log)
            });
            let rows = x.data().chunks(width.max(1)).enumerate();
            for ((row, x), (_, (p, log))) in
                rows.flat_map(|row| results.iter().map(move |r| (row, r)))
            {
                let sum =
                    |scale: f64| -> f64 { x.iter().map(|x| (scale * f64::from(*x)).exp()).sum() };
                let (half, whole) = (sum(0.5), sum(1.0));
                for (i, x) in x.iter().enumerate() {
                    let x = f64::from(*x);
                    let (p, log) = (p[row * width + i], log[row * width + i]);
                    assert!((f64::from(p) / ((0.5 * x).exp() / half) - 1.0).abs() < 1e-6);
                    assert!((f64::from(log) - (x - whole.ln())).abs() < 2e-6);
                }
            }
        }
    }
}
