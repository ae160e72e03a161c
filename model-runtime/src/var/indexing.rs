//! Positions as values: where something stands, and what stands somewhere.

use std::sync::Arc;

use model_spec::{Shape, ShapeError, Text};

use super::axes::{checked, resolve};
use super::places::{Batch, extreme, first, order, positions, take, take_along};
use super::shape::bounded;
use crate::ops::cumsum::Cumsum;
use crate::ops::gather::{Gather, NOWHERE, Scatter};
use crate::ops::view::Reshape;
use crate::pool;
use crate::tensor::Tensor;
use crate::{Float, Var, tape};

/// Indices are whole numbers in values, which have no gradient. The sample axis is 0; what does not
/// fit is the step's error.
///
/// ```
/// use model_runtime::prelude::*;
/// use ndarray::{ArrayD, array};
/// tape::run(Mode::Inference, || {
///     let x = Var::from_array(&array![[3.0, 1.0, 2.0], [6.0, 5.0, 4.0]]);
///     let is = |got: Var, expected: ArrayD<Float>| assert_eq!(got.to_array(), expected);
///     is(x.argmax(1, false), array![0.0, 0.0].into_dyn());
///     is(x.argmin(1, false), array![1.0, 2.0].into_dyn());
///     is(x.sort(1), array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]].into_dyn());
///     is(x.take_along_axis(x.argsort(1), 1), x.sort(1).to_array());
///     is(x.take(Var::from_array(&array![1.0]), 0), array![[6.0, 5.0, 4.0]].into_dyn());
///     is(x.argmin(1, false).one_hot(3), array![[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]].into_dyn());
///     is(x.cumsum(1), array![[3.0, 4.0, 6.0], [6.0, 11.0, 15.0]].into_dyn());
///     let ids = Var::from_array(&array![1.0, 1.0]);
///     is(x.segment_sum(ids, 2), array![[0.0, 0.0, 0.0], [9.0, 6.0, 6.0]].into_dyn());
/// })?;
/// # Ok::<(), Error>(())
/// ```
impl Var {
    /// Where the largest along an axis stands; of several the first. A NaN is the largest.
    #[track_caller]
    pub fn argmax(self, axis: isize, keepdims: bool) -> Var {
        arg(self, "argmax", axis, keepdims, true)
    }

    /// Where the smallest along an axis stands; of several the first. A NaN is the smallest.
    #[track_caller]
    pub fn argmin(self, axis: isize, keepdims: bool) -> Var {
        arg(self, "argmin", axis, keepdims, false)
    }

    /// The numbers along an axis, the smallest first, NaN last.
    #[track_caller]
    pub fn sort(self, axis: isize) -> Var {
        sorted(self, "sort", axis, 0)
    }

    /// The positions that [`Var::sort`] takes the numbers from; of equals the first comes first.
    #[track_caller]
    pub fn argsort(self, axis: isize) -> Var {
        sorted(self, "argsort", axis, 1)
    }

    /// The `k` largest along the last axis, the largest first, and where they stand.
    #[track_caller]
    pub fn top_k(self, k: usize) -> [Var; 2] {
        let fits = checked(&[self], |shapes| {
            let axis = resolve("top_k", -1, shapes[0].rank())?;
            if k > shapes[0].dim(axis) {
                let text = Text::new("top_k takes the ").int(k as i64).str(" largest of ");
                return Err(
                    ShapeError::of(text.int(shapes[0].dim(axis) as i64)).help("write a smaller k")
                );
            }
            Ok(self)
        });
        if fits.is_poison() {
            return [fits; 2];
        }
        let axis = self.shape().rank() - 1;
        first(self, axis, &order(&self.tensor(), axis, true, k), k)
    }

    /// The numbers at positions along an axis, whose place the axes of `indices` take; negative
    /// ones count from the end.
    #[track_caller]
    pub fn take(self, indices: Var, axis: isize) -> Var {
        checked(&[self, indices], |shapes| {
            let axis = resolve("take", axis, shapes[0].rank())?;
            let (x, at) = (shapes[0].dims(), shapes[1].dims());
            let dims = [&x[..axis], at, &x[axis + 1..]].concat();
            let positions = positions("take", &indices.tensor(), x[axis])?;
            let [x, at] = [x, at].map(|dims| Batch { own: 1, dims });
            let gather = Gather::new(bounded("take", &dims)?, take(1, x, axis, at, &positions));
            Ok(tape::apply(gather, &[self]))
        })
    }

    /// For each index the number at its position along an axis; the other axes are equal.
    #[track_caller]
    pub fn take_along_axis(self, indices: Var, axis: isize) -> Var {
        checked(&[self, indices], |shapes| {
            let axis = resolve("take_along_axis", axis, shapes[0].rank())?;
            let same = shapes[0].rank() == shapes[1].rank()
                && shapes[0].with(axis, 1) == shapes[1].with(axis, 1);
            if !same {
                return Err(ShapeError::new("take_along_axis: the axes of the indices differ")
                    .help("only the chosen axis may have another size"));
            }
            let at = positions("take_along_axis", &indices.tensor(), shapes[0].dim(axis))?;
            let [x, own] = [0, 1].map(|i| Batch { own: 1, dims: shapes[i].dims() });
            Ok(tape::apply(Gather::new(shapes[1], take_along(1, x, axis, own, &at)), &[self]))
        })
    }

    /// One more axis at the end, with 1 at the position that each number names and 0 elsewhere;
    /// only zeros for a position that there is not.
    #[track_caller]
    pub fn one_hot(self, num_classes: usize) -> Var {
        checked(&[self], |shapes| {
            let dims = [shapes[0].dims(), &[num_classes]].concat();
            let shape = bounded("one_hot", &dims)?;
            let mut numbers = pool::zeros(shape.size().unwrap_or(0));
            for (i, &class) in self.tensor().data().iter().enumerate() {
                if class >= 0.0 && class < num_classes as Float {
                    numbers[i * num_classes + class as usize] = 1.0;
                }
            }
            Ok(tape::constant(Tensor::of(shape, numbers)))
        })
    }

    /// The sum of each number and all before it along an axis.
    #[track_caller]
    pub fn cumsum(self, axis: isize) -> Var {
        checked(&[self], |shapes| {
            Ok(tape::apply(Cumsum(resolve("cumsum", axis, shapes[0].rank())?), &[self]))
        })
    }

    /// The sums of what has the same number in `ids`, which has one for each position of axis 0;
    /// what has a number below 0 or from `num_segments` up is left out.
    #[track_caller]
    pub fn segment_sum(self, ids: Var, num_segments: usize) -> Var {
        checked(&[self, ids], |shapes| {
            let (shape, ids_shape) = (shapes[0], shapes[1]);
            if shape.rank() == 0 || ids_shape.rank() != 1 || ids_shape.dim(0) != shape.dim(0) {
                return Err(ShapeError::new(
                    "segment_sum takes one number for each position of the first axis",
                )
                .help("for data of 10 samples, the numbers have one axis with 10"));
            }
            Ok(segments(self, &ids.tensor(), 1, num_segments, shape.with(0, num_segments)))
        })
    }
}

/// For each of `count` samples, the sums of what has the same number. `shape` is that of the
/// result.
#[track_caller]
pub(crate) fn segments(x: Var, ids: &Tensor, count: usize, segments: usize, shape: Shape) -> Var {
    let inner = x.shape().size().unwrap_or(0) / ids.len().max(1);
    let each = ids.len() / count.max(1);
    let mut places = pool::empty(ids.len() * inner);
    for (i, &id) in ids.data().iter().enumerate() {
        let known = id >= 0.0 && id < segments as Float;
        let start = (i / each * segments + if known { id as usize } else { 0 }) * inner;
        places.extend((start..start + inner).map(|at| if known { at } else { NOWHERE }));
    }
    tape::apply(Scatter { shape, places: Arc::new(places) }, &[x])
}

#[track_caller]
fn arg(x: Var, method: &str, axis: isize, keepdims: bool, largest: bool) -> Var {
    checked(&[x], |shapes| {
        let axis = resolve(method, axis, shapes[0].rank())?;
        if shapes[0].dim(axis) == 0 {
            let text = Text::new(method).str(": the axis has no position");
            return Err(ShapeError::of(text).help("give it at least one number"));
        }
        let kept = shapes[0].with(axis, 1);
        let indices = tape::constant(Tensor::of(kept, extreme(&x.tensor(), axis, largest)));
        if keepdims {
            return Ok(indices);
        }
        let mut dims = kept.dims().to_vec();
        dims.remove(axis);
        Ok(tape::apply(Reshape(Shape::new(&dims)), &[indices]))
    })
}

/// The sorted numbers, or their positions.
#[track_caller]
fn sorted(x: Var, method: &str, axis: isize, which: usize) -> Var {
    checked(&[x], |shapes| {
        let axis = resolve(method, axis, shapes[0].rank())?;
        let count = shapes[0].dim(axis);
        Ok(first(x, axis, &order(&x.tensor(), axis, false, count), count)[which])
    })
}

#[cfg(test)]
mod tests {
    use ndarray::{ArrayD, array};

    use super::*;
    use crate::Mode;

    const NAN: Float = Float::NAN;

    fn run(step: impl FnOnce(Var) -> Var) -> Result<ArrayD<Float>, String> {
        let x = array![[3.0, 1.0, 2.0], [4.0, 6.0, 6.0]];
        let result = tape::run(Mode::Inference, || step(Var::from_array(&x)).to_array());
        result.map_err(|error| error.to_string())
    }

    #[track_caller]
    fn is<D: ndarray::Dimension>(step: fn(Var) -> Var, expected: ndarray::Array<Float, D>) {
        assert_eq!(run(step), Ok(expected.into_dyn()));
    }

    #[test]
    fn positions_are_those_of_numpy() {
        is(|x| x.argmax(1, false), array![0.0, 1.0]);
        is(|x| x.argmin(0, true), array![[0.0, 0.0, 0.0]]);
        is(|x| x.sort(-1), array![[1.0, 2.0, 3.0], [4.0, 6.0, 6.0]]);
        is(|x| x.argsort(1), array![[1.0, 2.0, 0.0], [0.0, 1.0, 2.0]]);
        is(|x| x.top_k(2)[0], array![[3.0, 2.0], [6.0, 6.0]]);
        is(|x| x.top_k(2)[1], array![[0.0, 2.0], [1.0, 2.0]]);
        is(|x| x.take(Var::from_array(&array![2.0, -3.0]), 1), array![[2.0, 3.0], [6.0, 4.0]]);
        is(|x| x.take(Var::scalar(1.0), 0), array![4.0, 6.0, 6.0]);
        is(|x| x.take_along_axis(x.argsort(1), 1), array![[1.0, 2.0, 3.0], [4.0, 6.0, 6.0]]);
        is(|x| x.argmax(1, false).one_hot(2), array![[1.0, 0.0], [0.0, 1.0]]);
        is(|_| Var::scalar(5.0).one_hot(2), array![0.0, 0.0]);
        is(|x| x.cumsum(0), array![[3.0, 1.0, 2.0], [7.0, 7.0, 8.0]]);
        is(
            |x| x.segment_sum(Var::from_array(&array![1.0, 1.0]), 3),
            array![[0.0, 0.0, 0.0], [7.0, 7.0, 8.0], [0.0, 0.0, 0.0]],
        );
        is(|x| x.segment_sum(Var::from_array(&array![0.0, -1.0]), 1), array![[3.0, 1.0, 2.0]]);
    }

    #[test]
    fn a_nan_stands_last_and_wins() {
        let sorted = |_: Var| Var::from_array(&array![2.0, NAN, 1.0]).sort(0);
        assert_eq!(run(sorted).unwrap().as_slice().map(|s| s[..2].to_vec()), Some(vec![1.0, 2.0]));
        is(|_| Var::from_array(&array![2.0, NAN, 1.0]).argmax(0, false), ndarray::arr0(1.0));
        is(|_| Var::from_array(&array![2.0, NAN, 1.0]).argmin(0, false), ndarray::arr0(1.0));
    }

    #[test]
    fn gradients_go_where_the_numbers_came_from() {
        tape::run(Mode::Training, || {
            let x = tape::variable(Tensor::new(Shape::new(&[3]), vec![3.0, 1.0, 2.0]));
            let weights = Var::from_array(&array![10.0, 20.0, 30.0]);
            let gradients = tape::backward((x.sort(0) * weights).sum());
            assert_eq!(gradients.of(x), Some([30.0, 10.0, 20.0].as_slice()));
            let gradients = tape::backward((x.top_k(1)[0] * 5).sum());
            assert_eq!(gradients.of(x), Some([5.0, 0.0, 0.0].as_slice()));
        })
        .unwrap();
    }

    #[test]
    fn what_does_not_fit_is_an_error() {
        let starts = |step: fn(Var) -> Var, sentence: &str| {
            let text = run(step).unwrap_err();
            assert!(text.starts_with(sentence), "{text}");
        };
        starts(|x| x.argmax(2, false), "argmax: there is no axis 2");
        starts(|x| x.top_k(4)[1], "top_k takes the 4 largest of 3");
        starts(|x| x.take(Var::scalar(3.0), 1), "take: there is no position 3 on an axis with 3");
        starts(|x| x.take(Var::scalar(NAN), 1), "take: there is no position NaN");
        starts(|x| x.take_along_axis(Var::scalar(0.0), 1), "take_along_axis: the axes");
        starts(|x| x.segment_sum(x, 2), "segment_sum takes one number for each position");
    }
}
