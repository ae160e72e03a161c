//! Sums, and what is found like them. Each is made of several side by side, of which the processor
//! waits for none; how many is fixed, so that the order in which numbers are added is, too.

use std::sync::atomic::{AtomicBool, Ordering};

use super::kernel;
use super::parts::{add_in_parts, in_parts};
use crate::float::Scalar;

const LANES: usize = 32;

/// The sum of `f(x)` of each number, side by side.
macro_rules! side_by_side {
    ($start:expr, $numbers:expr, |$x:ident| $f:expr) => {{
        let (mut sums, mut ends) = ([$start; LANES], $start);
        let (chunks, rest) = $numbers.as_chunks::<LANES>();
        for chunk in chunks {
            for (sum, $x) in sums.iter_mut().zip(chunk) {
                *sum += $f;
            }
        }
        for $x in rest {
            ends += $f;
        }
        if chunks.is_empty() { ends } else { together(sums, ends) }
    }};
}

/// How many of them are left before the last step.
const FEW: usize = 8;

/// The sum of the ends and of the sums, in this order: a chain, which the compiler leaves alone.
/// For a tree it would make the loop before it narrower.
#[inline(always)]
fn together<T: Scalar>(sums: [T; LANES], ends: T) -> T {
    let mut few = [T::zero(); FEW];
    for some in sums.as_chunks::<FEW>().0 {
        for (few, sum) in few.iter_mut().zip(some) {
            *few += *sum;
        }
    }
    few.iter().fold(ends, |all, sum| all + *sum)
}

/// The largest of the largest.
#[inline(always)]
fn most_of_most<T: Scalar>(most: [T; LANES]) -> T {
    let mut few = [T::neg_infinity(); FEW];
    for some in most.as_chunks::<FEW>().0 {
        for (few, x) in few.iter_mut().zip(some) {
            *few = if *x > *few { *x } else { *few };
        }
    }
    let mut all = few[0];
    for x in &few[1..] {
        all = if *x > all { *x } else { all };
    }
    all
}

/// The sum.
#[inline(always)]
pub(crate) fn side_by_side<T: Scalar>(numbers: &[T]) -> T {
    side_by_side!(T::zero(), numbers, |x| *x)
}

/// The sum of the products.
#[inline(always)]
pub(crate) fn dot<T: Scalar>(a: &[T], b: &[T]) -> T {
    let mut sums = [T::zero(); LANES];
    let (a, a_rest) = a.as_chunks::<LANES>();
    let (b, b_rest) = b.as_chunks::<LANES>();
    for (a, b) in a.iter().zip(b) {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            *sum += *a * *b;
        }
    }
    let mut ends = T::zero();
    for (a, b) in a_rest.iter().zip(b_rest) {
        ends += *a * *b;
    }
    if a.is_empty() { ends } else { together(sums, ends) }
}

/// The sum in `f64`, so that many `f32` add up without a loss.
#[inline(always)]
pub(crate) fn sum_of<T: Scalar>(numbers: &[T]) -> f64 {
    side_by_side!(0.0, numbers, |x| x.as_f64())
}

/// The sum of the squares of the distances from `mean`, in `f64`.
#[inline(always)]
pub(crate) fn squares_around<T: Scalar>(numbers: &[T], mean: f64) -> f64 {
    side_by_side!(0.0, numbers, |x| (x.as_f64() - mean) * (x.as_f64() - mean))
}

/// The sum of the squares, in `f64`.
pub(crate) fn squares<T: Scalar>(numbers: &[T]) -> f64 {
    in_parts(numbers, squares_of, |a, b| a + b)
}

/// The largest number, signs aside; NaN if one of them is NaN or infinite.
pub(crate) fn largest<T: Scalar>(numbers: &[T]) -> T {
    in_parts(numbers, largest_of, |a, b| if a.is_nan() || a > b { a } else { b })
}

/// Whether none of the numbers is NaN or infinite.
pub(crate) fn all_finite<T: Scalar>(numbers: &[T]) -> bool {
    in_parts(numbers, all_finite_of, |a, b| a && b)
}

/// Fewer numbers are copied by the thread that calls: it goes on with them.
const COPIED_ALONE: usize = 1 << 16;

/// Copies numbers, and says whether none of them is NaN or infinite; else what is copied is left
/// open.
pub(crate) fn copy_finite<T: Scalar>(from: &[T], to: &mut [T]) -> bool {
    let finite = AtomicBool::new(true);
    copy_if_finite(from, to, &finite);
    finite.into_inner()
}

/// Adds the sums of the columns to `sums`.
pub(crate) fn add_rows<T: Scalar>(rows: &[T], sums: &mut [T]) {
    let width = sums.len().max(1);
    add_in_parts(rows.len() / width, width, sums, |some, sums| {
        add_rows_of(&rows[some.start * width..some.end * width], sums);
    });
}

/// Adds the sums of the columns to `sums`, in `f64`.
pub(crate) fn add_rows_wide<T: Scalar>(rows: &[T], sums: &mut [f64]) {
    let width = sums.len().max(1);
    add_in_parts(rows.len() / width, width, sums, |some, sums| {
        add_rows_wide_of(&rows[some.start * width..some.end * width], sums);
    });
}

kernel! {
    fn squares_of<T: Scalar>(numbers: &[T]) -> f64 {
        side_by_side!(0.0, numbers, |x| x.as_f64() * x.as_f64())
    }

    fn largest_of<T: Scalar>(numbers: &[T]) -> T {
        let mut most = [T::zero(); LANES];
        // 0, unless a number is not finite: then NaN, which stays.
        let (mut none, mut no_rest) = ([T::zero(); LANES], T::zero());
        let (chunks, rest) = numbers.as_chunks::<LANES>();
        for chunk in chunks {
            for ((most, none), x) in most.iter_mut().zip(&mut none).zip(chunk) {
                *most = if x.abs() > *most { x.abs() } else { *most };
                *none += *x * T::zero();
            }
        }
        for x in rest {
            no_rest += *x * T::zero();
        }
        let mut all = most_of_most(most);
        for x in rest {
            all = if x.abs() > all { x.abs() } else { all };
        }
        all + together(none, no_rest)
    }

    fn all_finite_of<T: Scalar>(numbers: &[T]) -> bool {
        // 0, unless a number is not finite.
        side_by_side!(T::zero(), numbers, |x| *x * T::zero()).is_finite()
    }

    /// See [`copy_finite`].
    fn copy_if_finite<T: Scalar>(
        from: &[T], to: &mut [T], finite: &AtomicBool,
    ) in (if from.len() < COPIED_ALONE { 1 } else { from.len() }) {
        let (mut sums, mut ends) = ([T::zero(); LANES], T::zero());
        let (chunks, rest) = from.as_chunks::<LANES>();
        let (copies, last) = to.as_chunks_mut::<LANES>();
        for (chunk, copy) in chunks.iter().zip(copies) {
            for ((sum, x), y) in sums.iter_mut().zip(chunk).zip(copy) {
                // The same number; a copy alone would become a loop of its own, which fetches all
                // of them once more.
                let zero = *x * T::zero();
                *sum += zero;
                *y = *x + zero;
            }
        }
        for (x, y) in rest.iter().zip(last) {
            ends += *x * T::zero();
            *y = *x;
        }
        if !together(sums, ends).is_finite() {
            finite.store(false, Ordering::Relaxed);
        }
    }

    fn add_rows_of<T: Scalar>(rows: &[T], sums: &mut [T]) {
        if sums.is_empty() {
            return;
        }
        for row in rows.chunks_exact(sums.len()) {
            for (sum, x) in sums.iter_mut().zip(row) {
                *sum += *x;
            }
        }
    }

    fn add_rows_wide_of<T: Scalar>(rows: &[T], sums: &mut [f64]) {
        if sums.is_empty() {
            return;
        }
        for row in rows.chunks_exact(sums.len()) {
            for (sum, x) in sums.iter_mut().zip(row) {
                *sum += x.as_f64();
            }
        }
    }

    /// The sums of the rows, in `f64`; `sums` has one for each.
    pub(crate) fn sum_rows<T: Scalar>(rows: &[T], sums: &mut [f64]) in (sums.len()) {
        let width = rows.len().checked_div(sums.len()).unwrap_or(0);
        for (i, sum) in sums.iter_mut().enumerate() {
            *sum = sum_of(&rows[i * width..][..width]);
        }
    }

    /// Takes off a vector what it has along another, whose length is 1.
    pub(crate) fn take_along<T: Scalar>(vector: &mut [T], other: &[T]) {
        let along = dot(vector, other);
        for (x, o) in vector.iter_mut().zip(other) {
            *x -= along * *o;
        }
    }

    /// Adds numbers to others.
    pub(crate) fn add_to<T: Scalar>(numbers: &[T], sums: &mut [T]) in (sums.len()) {
        for (sum, x) in sums.iter_mut().zip(numbers) {
            *sum += *x;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gradcheck::random;
    use crate::kernels::engine::tests::on_each;
    use crate::kernels::unless_miri;

    fn bits(numbers: &[f64]) -> Vec<u64> {
        numbers.iter().map(|x| x.to_bits()).collect()
    }

    #[test]
    fn sums_of_any_length_are_those_of_the_definition_and_the_same_on_every_engine() {
        for len in (0..140)
            .step_by(unless_miri(1, 29))
            .chain(unless_miri([1000, 4097, 70_001], [200, 300, 600]))
        {
            let x = random::<f32>(&[len], len as u64);
            let x = x.data();
            let wide: Vec<f64> = x.iter().map(|x| f64::from(*x)).collect();
            let expected = [
                wide.iter().sum::<f64>(),
                wide.iter().map(|x| x * x).sum(),
                wide.iter().fold(0.0, |most: f64, x| most.max(x.abs())),
                wide.iter().map(|x| (x - 0.25) * (x - 0.25)).sum(),
            ];
            let results = on_each(|| {
                let mut sum = [0.0];
                sum_rows(x, &mut sum);
                [sum[0], squares(x), f64::from(largest(x)), squares_around(x, 0.25)]
            });
            for (engine, result) in &results {
                assert_eq!(bits(result), bits(&results[0].1), "{len} numbers on {engine:?}");
                for (found, expected) in result.iter().zip(expected) {
                    assert!((found - expected).abs() <= 1e-12 * expected.abs().max(1.0));
                }
            }
            assert!((f64::from(side_by_side(x)) - expected[0]).abs() < 1e-3);
        }
    }

    #[test]
    fn columns_and_rows_are_added_up() {
        let x = [1.0_f32, 2.0, 3.0, 4.0, 5.0, 6.0];
        let (mut sums, mut wide, mut rows) = ([10.0, 0.0, 0.0], [10.0, 0.0, 0.0], [0.0, 0.0]);
        add_rows(&x, &mut sums);
        add_rows_wide(&x, &mut wide);
        sum_rows(&x, &mut rows);
        assert_eq!((sums, wide, rows), ([15.0, 7.0, 9.0], [15.0, 7.0, 9.0], [6.0, 15.0]));
        add_to(&[1.0; 3], &mut sums);
        assert_eq!(sums, [16.0, 8.0, 10.0]);
        add_rows::<f32>(&[], &mut []);
        add_rows_wide::<f32>(&[], &mut []);
        sum_rows::<f32>(&[], &mut []);
    }

    #[test]
    fn what_is_not_finite_is_found_wherever_it_stands() {
        for len in
            unless_miri([1_usize, 31, 32, 33, 100, 40_000, 140_000], [1, 7, 8, 9, 31, 90, 600])
        {
            for at in
                (0..len).step_by(len.div_ceil(unless_miri(if len > 100 { 9 } else { 100 }, 3)))
            {
                let mut x = vec![f32::MAX; len];
                assert!(all_finite(&x) && largest(&x) == f32::MAX);
                let mut copy = vec![0.0; len];
                x[at] = -0.0;
                assert!(copy_finite(&x, &mut copy) && copy == x && copy[at].is_sign_negative());
                for wrong in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
                    x[at] = wrong;
                    assert!(!all_finite(&x) && !largest(&x).is_finite(), "{wrong} at {at}");
                    assert!(!copy_finite(&x, &mut copy));
                }
            }
        }
    }
}
