//! Where the numbers of a result come from: what reordering and indexing share. Axes and shapes
//! here have been checked.

use std::cmp::Ordering;

use model_spec::{Shape, ShapeError, Text};

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

/// For each number along an axis, where it goes: the smallest first, NaN last, of equals the first.
/// Gives positions along the axis in the value's layout; `descending` turns the order round, but
/// for NaN.
pub(crate) fn order(x: &Tensor, axis: usize, descending: bool) -> Buffer<usize> {
    let [outer, n, inner] = around(x.shape().dims(), axis);
    let compare = |a: Float, b: Float| match (a.is_nan(), b.is_nan()) {
        (false, false) if descending => b.partial_cmp(&a).unwrap_or(Ordering::Equal),
        (false, false) => a.partial_cmp(&b).unwrap_or(Ordering::Equal),
        (a, b) => a.cmp(&b),
    };
    let mut result = pool::unset(x.len());
    let mut line: Buffer<usize> = pool::empty(n);
    for o in 0..outer {
        for i in 0..inner {
            let at = |k: usize| (o * n + k) * inner + i;
            line.clear();
            line.extend(0..n);
            // Unstable, since a stable one allocates.
            line.sort_unstable_by(|&a, &b| {
                compare(x.data()[at(a)], x.data()[at(b)]).then(a.cmp(&b))
            });
            line.iter().enumerate().for_each(|(k, &from)| result[at(k)] = from);
        }
    }
    result
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
                let from = order[(o * n + k) * inner + i];
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
    let beats =
        |a: Float, b: Float| !b.is_nan() && (a.is_nan() || if largest { a > b } else { a < b });
    let best = |o: usize, i: usize| {
        let at = |k: usize| x.data()[(o * n + k) * inner + i];
        (1..n).fold(0, |best, k| if beats(at(k), at(best)) { k } else { best })
    };
    (0..outer * inner).map(|at| best(at / inner, at % inner) as Float).collect()
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
