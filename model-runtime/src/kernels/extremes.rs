//! Where the largest or smallest numbers stand.

use super::kernel;
use crate::float::Scalar;

const LANES: usize = 16;

/// Whether a number goes before another one: it is larger, or the first that is none.
#[inline(always)]
fn beats<T: Scalar>(a: T, b: T) -> bool {
    // All is computed, so that there is no branch.
    !b.is_nan() & ((a > b) | a.is_nan())
}

kernel! {
    /// The position of the largest of each of `n` numbers that stand `inner` apart, of several the
    /// first; NaN is the largest. Of the smallest, where `sign` is -1. In `best` they are found.
    pub(crate) fn extremes<T: Scalar>(
        x: &[T], best: &mut [T], at: &mut [T], n: usize, inner: usize, sign: T,
    ) in (at.len() / inner.max(1)) {
        if n * inner == 0 {
            return;
        }
        let lines = best.chunks_exact_mut(inner).zip(at.chunks_exact_mut(inner));
        for (x, (best, at)) in x.chunks_exact(n * inner).zip(lines) {
            if inner == 1 {
                at[0] = T::of(extreme_of_row(x, sign) as f64);
                continue;
            }
            for (k, x) in x.chunks_exact(inner).enumerate() {
                let position = T::of(k as f64);
                for ((best, at), x) in best.iter_mut().zip(at.iter_mut()).zip(x) {
                    let x = *x * sign;
                    let wins = k == 0 || beats(x, *best);
                    *best = if wins { x } else { *best };
                    *at = if wins { position } else { *at };
                }
            }
        }
    }
}

/// The position of the extreme of numbers that stand side by side.
#[inline(always)]
fn extreme_of_row<T: Scalar>(x: &[T], sign: T) -> usize {
    let (chunks, rest) = x.as_chunks::<LANES>();
    let (mut best, mut at) = (x[0] * sign, 0);
    if let Some((first, chunks)) = chunks.split_first() {
        let (mut most, mut from) = (first.map(|x| x * sign), [0_u32; LANES]);
        for (k, chunk) in chunks.iter().enumerate() {
            for ((most, from), x) in most.iter_mut().zip(&mut from).zip(chunk) {
                let x = *x * sign;
                let wins = beats(x, *most);
                *most = if wins { x } else { *most };
                *from = if wins { k as u32 + 1 } else { *from };
            }
        }
        (best, at) = (most[0], from[0] as usize * LANES);
        for (lane, (most, from)) in most.iter().zip(from).enumerate() {
            let position = from as usize * LANES + lane;
            if beats(*most, best) || (!beats(best, *most) && position < at) {
                (best, at) = (*most, position);
            }
        }
    }
    let before = x.len() - rest.len();
    for (i, x) in rest.iter().enumerate() {
        if beats(*x * sign, best) {
            (best, at) = (*x * sign, before + i);
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::engine::tests::on_each;
    use crate::kernels::unless_miri;
    use crate::seed::Generator;

    /// The position, one number after the other.
    fn one_by_one(line: &[f32], sign: f32) -> f32 {
        let mut best = 0;
        for (i, x) in line.iter().enumerate() {
            let (a, b) = (x * sign, line[best] * sign);
            if !b.is_nan() && (a.is_nan() || a > b) {
                best = i;
            }
        }
        best as f32
    }

    #[test]
    fn positions_are_those_that_are_found_one_by_one() {
        let mut random = Generator::new(1);
        for case in 0..unless_miri(400, 20) {
            let (n, inner) = (1 + random.below(70), [1, 1, 1 + random.below(20)][case % 3]);
            let outer = 1 + random.below(if case % 50 == 0 { unless_miri(500, 9) } else { 4 });
            // Few values, so that there are equals, and now and then none.
            let x: Vec<f32> = (0..outer * n * inner)
                .map(|_| if random.below(90) == 0 { f32::NAN } else { random.below(30) as f32 })
                .collect();
            for sign in [1.0, -1.0] {
                let expected: Vec<f32> = (0..outer * inner)
                    .map(|i| {
                        let start = i / inner * n * inner + i % inner;
                        let line = (0..n).map(|k| x[start + k * inner]);
                        one_by_one(&line.collect::<Vec<_>>(), sign)
                    })
                    .collect();
                for (engine, found) in on_each(|| {
                    let [mut best, mut at] = [vec![0.0; outer * inner], vec![0.0; outer * inner]];
                    extremes(&x, &mut best, &mut at, n, inner, sign);
                    at
                }) {
                    assert_eq!(found, expected, "{n} of {inner} on {engine:?}");
                }
            }
        }
    }
}
