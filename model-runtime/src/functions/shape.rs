use model_spec::functions as spec;
use model_spec::{ArgValue, Entry};

use crate::layers::{self, accepts, list, samples, together, tuple, with_samples};
use crate::ops::matmul::Matmul;
use crate::ops::view::Reshape;
use crate::{Shape, Var, tape};

/// The same numbers under the shape that the rule gives.
#[track_caller]
fn reshaped(entry: &Entry, args: &[ArgValue], x: Var) -> Var {
    match accepts(entry, args, &[x]) {
        Ok(values) => {
            let shape = values.get(0).shape.with_first(samples(x));
            tape::apply(Reshape(shape), &[x])
        }
        Err(poison) => poison,
    }
}

/// The same numbers, in the same order, along other axes; one size of `newshape`, which has no
/// sample axis, may be -1: what is left over.
#[track_caller]
pub fn reshape(x: Var, newshape: &[i64]) -> Var {
    reshaped(&spec::reshape::ENTRY, &[tuple(newshape)], x)
}

/// One more axis, of size 1, where `axis` counts to in the result.
#[track_caller]
pub fn expand_dims(x: Var, axis: i64) -> Var {
    reshaped(&spec::expand_dims::ENTRY, &[ArgValue::Int(axis)], x)
}

/// Without these axes, which have size 1; without all that have where the list is empty.
#[track_caller]
pub fn squeeze(x: Var, axis: &[i64]) -> Var {
    reshaped(&spec::squeeze::ENTRY, &[list(axis)], x)
}

/// The axes in another order, each named once; reversed where the list is empty. The sample axis
/// stays.
#[track_caller]
pub fn transpose(x: Var, axes: &[i64]) -> Var {
    if let Err(poison) = accepts(&spec::transpose::ENTRY, &[list(axes)], &[x]) {
        return poison;
    }
    let reversed: Vec<i64>;
    let axes = if axes.is_empty() {
        reversed = (1..x.shape().rank() as i64).rev().collect();
        &reversed
    } else {
        axes
    };
    if x.shape().rank() == 0 { x } else { x.transpose(&with_samples(axes)) }
}

/// Values joined along an axis; the others are equal.
#[track_caller]
pub fn concatenate(xs: &[Var], axis: i64) -> Var {
    match accepts(&spec::concatenate::ENTRY, &[ArgValue::Int(axis)], xs) {
        Ok(_) => Var::concatenate(&together(xs.to_vec()), axis as isize),
        Err(poison) => poison,
    }
}

/// Values of one shape side by side along a new axis, where `axis` counts to in the result.
#[track_caller]
pub fn stack(xs: &[Var], axis: i64) -> Var {
    match accepts(&spec::stack::ENTRY, &[ArgValue::Int(axis)], xs) {
        Ok(_) => Var::stack(&together(xs.to_vec()), axis as isize),
        Err(poison) => poison,
    }
}

/// For each sample, the product of two matrices: `(…, m, k)` and `(…, k, n)` become `(…, m, n)`,
/// the axes before being equal. A value with one axis is a row on the left, a column on the right.
#[track_caller]
pub fn matmul(a: Var, b: Var) -> Var {
    let shape = match accepts(&spec::matmul::ENTRY, &[], &[a, b]) {
        Ok(values) => values.get(0).shape,
        Err(poison) => return poison,
    };
    let [a, b] = together([a, b]);
    let (left, right) = (a.shape().without_first(), b.shape().without_first());
    let [a, b] = match (left.rank(), right.rank()) {
        // All rows of the left with the one column.
        (_, 1) => [rows(a, left.last()), column(b)],
        // The transposed: all columns of the right with the one row.
        (1, rank) => {
            let mut order: Vec<isize> = (0..=rank as isize).collect();
            order.swap(rank - 1, rank);
            [rows(b.transpose(&order), left.last()), column(a)]
        }
        _ => [a, b],
    };
    let product = tape::apply(Matmul, &[a, b]);
    let shape = shape.with_first(samples(product));
    tape::apply(Reshape(shape), &[product])
}

/// The products of two values along one axis of each, summed: the other axes of the first, then
/// those of the second, or `(samples, 1)` where none are left. With `normalize` both are divided by
/// their length along the axes first, which gives the cosine of the angle between them.
///
/// ```
/// use model_runtime::prelude::*;
/// use ndarray::array;
/// let cosine = tape::run(Mode::Inference, || {
///     let (a, b) = (Var::from_array(&array![[3.0, 4.0]]), Var::from_array(&array![[0.0, 2.0]]));
///     model_runtime::functions::dot(&[a, b], &[1, 1], true).to_array()
/// })?;
/// assert!((cosine[[0, 0]] - 0.8).abs() < 1e-6);
/// # Ok::<(), Error>(())
/// ```
#[track_caller]
pub fn dot(xs: &[Var], axes: &[i64], normalize: bool) -> Var {
    layers::dot(&spec::dot::ENTRY, axes, normalize, xs)
}

/// Each sample as a matrix with rows of `n` numbers.
#[track_caller]
fn rows(x: Var, n: usize) -> Var {
    let size = x.shape().without_first().size().unwrap_or(0);
    tape::apply(Reshape(Shape::new(&[samples(x), size / n.max(1), n])), &[x])
}

/// Each sample, a vector, as a matrix with one column.
#[track_caller]
fn column(x: Var) -> Var {
    tape::apply(Reshape(x.shape().push(1)), &[x])
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, Array3, Axis, s};

    use super::*;
    use crate::{Float, Mode};

    #[test]
    fn a_product_with_a_vector_is_that_of_ndarray() {
        let many = Array3::from_shape_fn((2, 3, 4), |(i, j, k)| (i + 2 * j * k) as Float);
        let right = Array2::from_shape_fn((2, 4), |(i, k)| (3 * i + k) as Float);
        let left = right.slice(s![.., ..3]).to_owned();
        let result = tape::run(Mode::Inference, || {
            let [x, r, l] =
                [many.view().into_dyn(), right.view().into_dyn(), left.view().into_dyn()]
                    .map(|array| Var::from_array(&array));
            [matmul(x, r), matmul(l, x), matmul(r, r)].map(Var::to_array)
        });
        let [columns, rows, numbers] = result.unwrap();
        for i in 0..2 {
            let (x, r, l) = (many.index_axis(Axis(0), i), right.row(i), left.row(i));
            assert_eq!(columns.index_axis(Axis(0), i), x.dot(&r).into_dyn());
            assert_eq!(rows.index_axis(Axis(0), i), l.dot(&x).into_dyn());
            assert_eq!(numbers[[i]], r.dot(&r));
        }
    }
}
