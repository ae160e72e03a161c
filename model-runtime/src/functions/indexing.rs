use model_spec::functions as spec;
use model_spec::{ArgValue, Entry, resolve_axis};

use crate::layers::{accepts, list, samples, together};
use crate::ops::gather::Gather;
use crate::ops::map::Map;
use crate::ops::view::Reshape;
use crate::pool::Buffer;
use crate::var::{self, Batch};
use crate::{Var, Vars, tape};

/// What [`cast`] makes of numbers. All of them are [`Float`](crate::Float) while a model runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Cast {
    /// As they are.
    Float32,
    /// Without what stands behind the point; the gradient is 0.
    Int32,
    /// 1 where they are not 0; the gradient is 0.
    Bool,
}

/// The numbers as whole ones, as truth, or as they are.
///
/// The shape stays, whatever it is.
#[track_caller]
pub fn cast(x: Var, dtype: Cast) -> Var {
    let (word, map) = match dtype {
        Cast::Float32 => ("float32", Map::Linear),
        Cast::Int32 => ("int32", Map::Trunc),
        Cast::Bool => ("bool", Map::IsNotZero),
    };
    match accepts(&spec::cast::ENTRY, &[ArgValue::Word(word)], &[x]) {
        Ok(_) => tape::apply(map, &[x]),
        Err(poison) => poison,
    }
}

/// Where the largest along an axis stands, of several the first; where the list is empty, among all
/// numbers of a sample. With `keepdims` the axes stay, with size 1.
#[track_caller]
pub fn argmax(x: Var, axis: &[i64], keepdims: bool) -> Var {
    arg(&spec::argmax::ARGMAX, x, axis, keepdims, true)
}

/// Where the smallest along an axis stands; otherwise as [`argmax`].
#[track_caller]
pub fn argmin(x: Var, axis: &[i64], keepdims: bool) -> Var {
    arg(&spec::argmax::ARGMIN, x, axis, keepdims, false)
}

#[track_caller]
fn arg(entry: &Entry, x: Var, axis: &[i64], keepdims: bool, largest: bool) -> Var {
    let shape = match accepts(entry, &[list(axis), ArgValue::Bool(keepdims)], &[x]) {
        Ok(values) => values.get(0).shape.with_first(samples(x)),
        Err(poison) => return poison,
    };
    let (x, axis) = match *axis {
        [axis] => (x, axis as isize),
        _ => (x.flatten(), 1),
    };
    let found = if largest { x.argmax(axis, true) } else { x.argmin(axis, true) };
    if found.is_poison() { found } else { tape::apply(Reshape(shape), &[found]) }
}

/// The numbers along an axis, the smallest first, NaN last. The shape stays.
#[track_caller]
pub fn sort(x: Var, axis: i64) -> Var {
    match accepts(&spec::sort::ENTRY, &[ArgValue::Int(axis)], &[x]) {
        Ok(_) => x.sort(axis as isize),
        Err(poison) => poison,
    }
}

/// The positions that [`sort`] takes the numbers from. The shape stays.
#[track_caller]
pub fn argsort(x: Var, axis: i64) -> Var {
    match accepts(&spec::argsort::ENTRY, &[ArgValue::Int(axis)], &[x]) {
        Ok(_) => x.argsort(axis as isize),
        Err(poison) => poison,
    }
}

/// The `k` largest along the last axis, and where they stand. They are always sorted, the largest
/// first, which Keras promises only where `sorted` is set.
#[track_caller]
pub fn top_k(x: Var, k: usize, sorted: bool) -> Vars {
    let k_value = ArgValue::Int(i64::try_from(k).unwrap_or(i64::MAX));
    match accepts(&spec::top_k::ENTRY, &[k_value, ArgValue::Bool(sorted)], &[x]) {
        Ok(_) => x.top_k(k).into(),
        Err(poison) => [poison; 2].into(),
    }
}

/// One more axis, of the number of classes, where `axis` counts to in the result: 1 at the position
/// that a number names, 0 elsewhere; only zeros for a position that there is not.
#[track_caller]
pub fn one_hot(x: Var, num_classes: usize, axis: i64) -> Var {
    let classes = ArgValue::Int(i64::try_from(num_classes).unwrap_or(i64::MAX));
    if let Err(poison) = accepts(&spec::one_hot::ENTRY, &[classes, ArgValue::Int(axis)], &[x]) {
        return poison;
    }
    let hot = if x.shape().rank() == 0 { x.expand_dims(0) } else { x }.one_hot(num_classes);
    if hot.is_poison() { hot } else { hot.moveaxis(&[-1], &[axis as isize]) }
}

/// For each sample, the numbers of `x` at positions along an axis, whose place the axes of
/// `indices` take; negative ones count from the end. Where the list is empty, the numbers of a
/// sample are one line.
#[track_caller]
pub fn take(x: Var, indices: Var, axis: &[i64]) -> Var {
    taken(&spec::take::ENTRY, x, indices, axis, var::take)
}

/// For each sample and index, the number of `x` at its position along an axis; the other axes are
/// equal. Where the list is empty, the numbers of a sample are one line.
#[track_caller]
pub fn take_along_axis(x: Var, indices: Var, axis: &[i64]) -> Var {
    taken(&spec::take_along_axis::ENTRY, x, indices, axis, var::take_along)
}

type Places = fn(usize, Batch<'_>, usize, Batch<'_>, &[usize]) -> Buffer<usize>;

#[track_caller]
fn taken(entry: &Entry, x: Var, indices: Var, axis: &[i64], places: Places) -> Var {
    let shape = match accepts(entry, &[list(axis)], &[x, indices]) {
        Ok(values) => values.get(0).shape,
        Err(poison) => return poison,
    };
    let x = if axis.is_empty() { x.flatten() } else { x };
    let (own, at) = (x.shape().without_first(), indices.shape().without_first());
    // The rule has found the axis, so it is there.
    let axis = resolve_axis(entry.name, axis.first().copied().unwrap_or(1), &own).unwrap_or(0);
    let positions = match var::positions(entry.name, &indices.tensor(), own.dim(axis)) {
        Ok(positions) => positions,
        Err(error) => return tape::fail_shape(error, &[x, indices]),
    };
    let counts = [samples(x), samples(indices)];
    let count = if counts[0] == 1 { counts[1] } else { counts[0] };
    let [from, chosen] =
        [(0, &own), (1, &at)].map(|(i, shape)| Batch { own: counts[i], dims: shape.dims() });
    let places = places(count, from, axis, chosen, &positions);
    tape::apply(Gather::new(shape.with_first(count), places), &[x])
}

/// For each sample, the sums of what has the same number in `segment_ids`, which has one for each
/// position of axis 1; what has a number below 0 or from `num_segments` up is left out.
#[track_caller]
pub fn segment_sum(data: Var, segment_ids: Var, num_segments: usize) -> Var {
    let number = ArgValue::Int(i64::try_from(num_segments).unwrap_or(i64::MAX));
    let shape = match accepts(&spec::segment_sum::ENTRY, &[number], &[data, segment_ids]) {
        Ok(values) => values.get(0).shape,
        Err(poison) => return poison,
    };
    let [data, ids] = together([data, segment_ids]);
    let count = samples(data);
    var::segments(data, &ids.tensor(), count, num_segments, shape.with_first(count))
}

/// Products summed over the letters that the result does not name, for each sample; a letter stands
/// for each axis but the samples'.
///
/// ```
/// use model_runtime::functions;
/// use model_runtime::prelude::*;
/// let y = tape::run(Mode::Inference, || {
///     let a = Var::from_array(&ndarray::array![[1.0, 2.0], [3.0, 4.0]]);
///     functions::einsum(&[a, a], "i,i->").to_array()
/// })?;
/// assert_eq!(y, ndarray::array![5.0, 25.0].into_dyn());
/// # Ok::<(), Error>(())
/// ```
#[track_caller]
pub fn einsum(xs: &[Var], subscripts: &'static str) -> Var {
    if let Err(poison) = accepts(&spec::einsum::ENTRY, &[ArgValue::Word(subscripts)], xs) {
        return poison;
    }
    // The rule has read it. The sample axis is no letter.
    let Ok(read) = spec::einsum::parse(subscripts) else { return xs[0] };
    let named = |letters: &[u8]| [&[0], letters].concat();
    let letters = (0..xs.len()).map(|i| named(read.operand(i))).collect();
    let xs = together(xs.to_vec());
    match var::einsum(&xs, letters, &named(read.result())) {
        Ok(result) => result,
        Err(error) => tape::fail_shape(error, &xs),
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{ArrayD, array};

    use super::*;
    use crate::functions::arange;
    use crate::{Float, Mode};

    fn run(step: impl FnOnce() -> Var) -> Result<ArrayD<Float>, String> {
        tape::run(Mode::Inference, || step().to_array()).map_err(|error| error.to_string())
    }

    #[track_caller]
    fn is<D: ndarray::Dimension>(step: impl FnOnce() -> Var, expected: ndarray::Array<Float, D>) {
        assert_eq!(run(step), Ok(expected.into_dyn()));
    }

    fn x() -> Var {
        Var::from_array(&array![[[1.0, 5.0], [7.0, 3.0]], [[4.0, 2.0], [0.0, 8.0]]])
    }

    #[test]
    fn each_sample_has_indices_of_its_own() {
        is(|| argmax(x(), &[], false), array![2.0, 3.0]);
        is(|| argmax(x(), &[1], false), array![[1.0, 0.0], [0.0, 1.0]]);
        is(|| argmin(x(), &[-1], true), array![[[0.0], [1.0]], [[1.0], [0.0]]]);
        let i = || Var::from_array(&array![[1.0], [0.0]]);
        is(|| take(x(), i(), &[1]), array![[[7.0, 3.0]], [[4.0, 2.0]]]);
        is(|| take(x(), i(), &[]), array![[5.0], [4.0]]);
        is(|| take(x(), Var::scalar(-1.0), &[2]), array![[5.0, 3.0], [2.0, 8.0]]);
        is(
            || take_along_axis(x(), argmax(x(), &[2], true), &[2]),
            array![[[5.0], [7.0]], [[4.0], [8.0]]],
        );
        let ids = || Var::from_array(&array![[1.0, 1.0], [0.0, 7.0]]);
        is(
            || segment_sum(x(), ids(), 2),
            array![[[0.0, 0.0], [8.0, 8.0]], [[4.0, 2.0], [0.0, 0.0]]],
        );
        is(|| one_hot(i(), 2, 1), array![[[0.0], [1.0]], [[1.0], [0.0]]]);
        is(|| top_k(x(), 1, true)[1], array![[[1.0], [0.0]], [[0.0], [1.0]]]);
        is(
            || cast(x() * 0.5, Cast::Int32),
            array![[[0.0, 2.0], [3.0, 1.0]], [[2.0, 1.0], [0.0, 4.0]]],
        );
        is(|| arange(2, &[5], 2), array![[2.0, 4.0]]);
        is(|| arange(2, &[], 1), array![[0.0, 1.0]]);
        let text = run(|| take(x(), Var::scalar(2.0), &[1])).unwrap_err();
        assert!(text.starts_with("take: there is no position 2 on an axis with 2"), "{text}");
    }

    #[test]
    fn letters_do_not_name_the_samples() {
        is(|| einsum(&[x(), x()], "ij,jk->ik"), {
            array![[[36.0, 20.0], [28.0, 44.0]], [[16.0, 24.0], [0.0, 64.0]]]
        });
        // One sample goes with all, a number with everything.
        is(|| einsum(&[x(), arange(2, &[], 1), Var::scalar(2.0)], "ij,j,->i"), {
            array![[10.0, 6.0], [4.0, 16.0]]
        });
    }
}
