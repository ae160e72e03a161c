//! Where the numbers of a result come from: what reordering and indexing share. Axes and shapes
//! here have been checked.

use model_spec::{Shape, ShapeError, Text};

use crate::kernels::extremes::extremes;
use crate::kernels::parts::each_piece;
use crate::ops::gather::{Gather, NOWHERE};
use crate::pool::{self, Buffer};
use crate::tensor::Tensor;
use crate::{Float, Var, tape};

/// The numbers before an axis, along it, and behind it.
fn around(dims: &[usize], axis: usize) -> [usize; 3] {
    [dims[..axis].iter().product(), dims[axis], dims[axis + 1..].iter().product()]
}

/// An axis with `len` positions, of which position `k` is `from(k)` of the value's.
pub(crate) fn along(
    shape: &Shape,
    axis: usize,
    len: usize,
    from: impl Fn(usize) -> usize,
) -> Gather {
    let [outer, n, inner] = around(shape.dims(), axis);
    let mut places = pool::empty(outer * len * inner);
    for o in 0..outer {
        for k in 0..len {
            let at = from(k);
            let place = |i: usize| if at == NOWHERE { NOWHERE } else { (o * n + at) * inner + i };
            places.extend((0..inner).map(place));
        }
    }
    Gather::new(shape.with(axis, len), places)
}

/// The positions along an axis of the first `count` numbers in their order: the smallest first, NaN
/// last, of equals the first; `descending` turns the order round, but for NaN.
pub(crate) fn order(x: &Tensor, axis: usize, descending: bool, count: usize) -> Buffer<usize> {
    let [outer, n, inner] = around(x.shape().dims(), axis);
    let mut result = pool::unset(outer * count * inner);
    each_piece(&mut result, count * inner, |o, result| {
        // Whole numbers are compared without a branch. The position stands in the lower half.
        let mut line: Buffer<Pair> = pool::empty(n);
        for i in 0..inner {
            line.clear();
            let key = |k: usize| key(x.data()[(o * n + k) * inner + i], descending);
            line.extend((0..n).map(|k| Pair::from(key(k)) << Bits::BITS | k as Pair));
            if count < n {
                line.select_nth_unstable(count);
            }
            let first = &mut line[..count];
            first.sort_unstable();
            first
                .iter()
                .enumerate()
                .for_each(|(k, &at)| result[k * inner + i] = at as Bits as usize);
        }
    });
    result
}

/// The bits of a number, as a whole one.
#[cfg(not(feature = "f64"))]
type Bits = u32;
#[cfg(feature = "f64")]
type Bits = u64;

/// Two of them.
#[cfg(not(feature = "f64"))]
type Pair = u64;
#[cfg(feature = "f64")]
type Pair = u128;

/// A whole number for each number, in the same order, those that are none last.
fn key(x: Float, descending: bool) -> Bits {
    const SIGN: Bits = 1 << (Bits::BITS - 1);
    // That -0 and 0 are the same.
    let bits = (x + 0.0).to_bits();
    // Negative numbers have the larger bits the smaller they are.
    let ascending = if bits & SIGN == 0 { bits | SIGN } else { !bits };
    match (x.is_nan(), descending) {
        (true, _) => Bits::MAX,
        (false, true) => !ascending,
        (false, false) => ascending,
    }
}

/// The first `count` of these positions along an axis, as values and as indices.
pub(crate) fn first(x: Var, axis: usize, order: &[usize], count: usize) -> [Var; 2] {
    let shape = x.shape();
    let [outer, n, inner] = around(shape.dims(), axis);
    let len = outer * count * inner;
    let (mut places, mut indices) = (pool::empty(len), pool::empty(len));
    for o in 0..outer {
        for k in 0..count {
            for i in 0..inner {
                let from = order[(o * count + k) * inner + i];
                places.push((o * n + from) * inner + i);
                indices.push(from as Float);
            }
        }
    }
    let gather = Gather::new(shape.with(axis, count), places);
    let indices = tape::constant(Tensor::of(gather.shape, indices));
    [tape::apply(gather, &[x]), indices]
}

/// The position of the largest or smallest along an axis; a NaN is both.
pub(crate) fn extreme(x: &Tensor, axis: usize, largest: bool) -> Buffer<Float> {
    let [outer, n, inner] = around(x.shape().dims(), axis);
    let [mut best, mut at] = [0; 2].map(|_| pool::zeros(outer * inner));
    extremes(x.data(), &mut best, &mut at, n, inner, if largest { 1.0 } else { -1.0 });
    at
}

/// Indices as positions of an axis with `n`; negative ones count from the end.
pub(crate) fn positions(
    function: &str,
    indices: &Tensor,
    n: usize,
) -> Result<Buffer<usize>, ShapeError> {
    let mut positions = pool::empty(indices.len());
    for &index in indices.data() {
        let at = if index < 0.0 { index + n as Float } else { index };
        if !(at >= 0.0 && at < n as Float) {
            let text = Text::new(function).str(": there is no position ").str(&index.to_string());
            return Err(ShapeError::of(text.str(" on an axis with ").int(n as i64))
                .help("positions count from 0; negative ones count from the end"));
        }
        positions.push(at as usize);
    }
    Ok(positions)
}

/// A value as `count` samples of these sizes; one sample may stand for all.
#[derive(Clone, Copy)]
pub(crate) struct Batch<'a> {
    /// How many samples there are, one or `count`.
    pub own: usize,
    pub dims: &'a [usize],
}

impl Batch<'_> {
    /// Where sample `b` begins.
    fn start(&self, b: usize) -> usize {
        if self.own > 1 { b * self.dims.iter().product::<usize>() } else { 0 }
    }
}

/// For each sample, the numbers of `x` at `positions` along an axis.
pub(crate) fn take(
    count: usize,
    x: Batch<'_>,
    axis: usize,
    indices: Batch<'_>,
    positions: &[usize],
) -> Buffer<usize> {
    let [outer, n, inner] = around(x.dims, axis);
    let each: usize = indices.dims.iter().product();
    let mut places = pool::empty(count * outer * each * inner);
    for b in 0..count {
        let chosen = &positions[indices.start(b)..][..each];
        for o in 0..outer {
            for &at in chosen {
                let start = x.start(b) + (o * n + at) * inner;
                places.extend(start..start + inner);
            }
        }
    }
    places
}

/// For each sample and index, the number of `x` at its position along an axis.
pub(crate) fn take_along(
    count: usize,
    x: Batch<'_>,
    axis: usize,
    indices: Batch<'_>,
    positions: &[usize],
) -> Buffer<usize> {
    let [_, n, inner] = around(x.dims, axis);
    let [outer, m, _] = around(indices.dims, axis);
    let mut places = pool::empty(count * outer * m * inner);
    for b in 0..count {
        let (from, start) = (x.start(b), indices.start(b));
        for o in 0..outer {
            for k in 0..m {
                for i in 0..inner {
                    let at = positions[start + (o * m + k) * inner + i];
                    places.push(from + (o * n + at) * inner + i);
                }
            }
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::Generator;

    #[test]
    fn numbers_are_in_order_and_equals_stay_in_theirs() {
        let values =
            [0.0, -0.0, 1.5, -1.5, Float::INFINITY, Float::NEG_INFINITY, Float::NAN, 3e-40];
        let mut random = Generator::new(5);
        for case in 0..60 {
            let dims =
                [1 + random.below(3), 1 + random.below(40), [1, 1 + random.below(3)][case % 2]];
            let size: usize = dims.iter().product();
            let numbers = (0..size).map(|_| values[random.below(values.len())]).collect();
            let x = Tensor::of(Shape::new(&dims), numbers);
            for descending in [false, true] {
                let count = random.below(dims[1] + 1);
                let found = order(&x, 1, descending, count);
                for (o, i) in (0..dims[0]).flat_map(|o| (0..dims[2]).map(move |i| (o, i))) {
                    let number = |k: usize| x.data()[(o * dims[1] + k) * dims[2] + i];
                    let mut expected: Vec<usize> = (0..dims[1]).collect();
                    // Stable.
                    expected.sort_by(|&a, &b| {
                        let (a, b) = (number(a), number(b));
                        let order = if descending { b.partial_cmp(&a) } else { a.partial_cmp(&b) };
                        order.unwrap_or(a.is_nan().cmp(&b.is_nan()))
                    });
                    let found = (0..count).map(|k| found[(o * count + k) * dims[2] + i]);
                    assert_eq!(found.collect::<Vec<_>>(), expected[..count]);
                }
            }
        }
    }
}
