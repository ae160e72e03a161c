//! Values in another order, longer, or in parts.

use model_spec::{MAX_RANK, Shape, ShapeError, Text};

use super::axes::{checked, resolve, resolve_all};
use super::places::along;
use super::shape::bounded;
use crate::functions::PadMode;
use crate::ops::choose::Choose;
use crate::ops::gather::{Gather, NOWHERE};
use crate::ops::spread::number;
use crate::ops::strided::strides;
use crate::ops::view::View;
use crate::pool;
use crate::tensor::Tensor;
use crate::{Float, Var, tape};

/// Another order, more or fewer numbers. The sample axis is 0; what does not fit is the step's
/// error.
///
/// ```
/// use model_runtime::prelude::*;
/// use ndarray::{ArrayD, array};
/// tape::run(Mode::Inference, || {
///     // Two samples of three numbers.
///     let x = Var::from_array(&array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
///     let is = |got: Var, expected: ArrayD<Float>| assert_eq!(got.to_array(), expected);
///     is(x.swapaxes(0, 1), array![[1.0, 4.0], [2.0, 5.0], [3.0, 6.0]].into_dyn());
///     is(x.moveaxis(&[0], &[1]), x.swapaxes(0, 1).to_array());
///     is(x.flip(&[0]), array![[4.0, 5.0, 6.0], [1.0, 2.0, 3.0]].into_dyn());
///     is(x.roll(1, 1), array![[3.0, 1.0, 2.0], [6.0, 4.0, 5.0]].into_dyn());
///     is(x.repeat(2, 0).slice(s![..3, 0]), array![1.0, 1.0, 4.0].into_dyn());
///     is(x.tile(&[2, 1]).slice(s![..3, 0]), array![1.0, 4.0, 1.0].into_dyn());
///     is(x.tril(0), array![[1.0, 0.0, 0.0], [4.0, 5.0, 0.0]].into_dyn());
///     is(x.triu(0), array![[1.0, 2.0, 3.0], [0.0, 5.0, 6.0]].into_dyn());
///     let padded = x.pad(&[(0, 0), (1, 0)], model_runtime::PadMode::Constant, -1.0);
///     is(padded.slice(s![.., ..2]), array![[-1.0, 1.0], [-1.0, 4.0]].into_dyn());
///     is(Var::scalar(7.0).broadcast_to(&[2, 2]), array![[7.0, 7.0], [7.0, 7.0]].into_dyn());
/// })?;
/// # Ok::<(), Error>(())
/// ```
impl Var {
    /// Two axes, each in the place of the other.
    #[track_caller]
    pub fn swapaxes(self, axis1: isize, axis2: isize) -> Var {
        checked(&[self], |shapes| {
            let rank = shapes[0].rank();
            let a = resolve("swapaxes", axis1, rank)?;
            let b = resolve("swapaxes", axis2, rank)?;
            let mut order: Vec<usize> = (0..rank).collect();
            order.swap(a, b);
            Ok(permuted(self, &order))
        })
    }

    /// Some axes in other places; the others keep their order.
    #[track_caller]
    pub fn moveaxis(self, source: &[isize], destination: &[isize]) -> Var {
        checked(&[self], |shapes| {
            let rank = shapes[0].rank();
            let moved = resolve_all("moveaxis", source, rank)?;
            let taken = resolve_all("moveaxis", destination, rank)?;
            if source.len() != destination.len() {
                return Err(ShapeError::new("moveaxis needs a place for each axis")
                    .help("give `source` and `destination` the same length"));
            }
            let mut others = (0..rank).filter(|&axis| !moved[axis]);
            let mut order: Vec<usize> = (0..rank)
                .map(|to| if taken[to] { 0 } else { others.next().unwrap_or(0) })
                .collect();
            for (&from, &to) in source.iter().zip(destination) {
                order[resolve("moveaxis", to, rank)?] = resolve("moveaxis", from, rank)?;
            }
            Ok(permuted(self, &order))
        })
    }

    /// The value stretched to a shape: axes of size 1, and new ones before the others.
    #[track_caller]
    pub fn broadcast_to(self, shape: &[usize]) -> Var {
        checked(&[self], |shapes| {
            let (from, to) = (shapes[0], bounded("broadcast_to", shape)?);
            let new = to.rank().saturating_sub(from.rank());
            let fits = to.rank() >= from.rank()
                && (0..from.rank()).all(|i| [1, to.dim(new + i)].contains(&from.dim(i)));
            if !fits {
                let text = format!("broadcast_to: {:?} cannot be stretched to ", from.dims());
                return Err(ShapeError::of(Text::new(&text).str(&format!("{shape:?}")))
                    .help("an axis of size 1 stretches, and new axes come before the others"));
            }
            let own = strides(&from);
            let stride = |i: usize| match i.checked_sub(new) {
                Some(i) if from.dim(i) > 1 => own[i],
                _ => 0,
            };
            let strides = (0..to.rank()).map(stride).collect();
            Ok(tape::apply(View { shape: to, start: 0, strides }, &[self]))
        })
    }

    /// The opposite order along these axes.
    #[track_caller]
    pub fn flip(self, axes: &[isize]) -> Var {
        checked(&[self], |shapes| {
            let shape = shapes[0];
            let chosen = resolve_all("flip", axes, shape.rank())?;
            let mut strides = strides(&shape);
            let mut start = 0;
            for axis in (0..shape.rank()).filter(|&axis| chosen[axis]) {
                start += strides[axis] * (shape.dim(axis) as isize - 1).max(0);
                strides[axis] = -strides[axis];
            }
            Ok(tape::apply(View { shape, start, strides }, &[self]))
        })
    }

    /// The numbers `shift` positions further on along an axis, those beyond the end at the start.
    #[track_caller]
    pub fn roll(self, shift: isize, axis: isize) -> Var {
        checked(&[self], |shapes| {
            let axis = resolve("roll", axis, shapes[0].rank())?;
            let n = shapes[0].dim(axis);
            let shift = shift.rem_euclid(n.max(1) as isize) as usize;
            Ok(tape::apply(along(&shapes[0], axis, n, |k| (k + n - shift) % n), &[self]))
        })
    }

    /// Each position of an axis `repeats` times, one after the other.
    #[track_caller]
    pub fn repeat(self, repeats: usize, axis: isize) -> Var {
        checked(&[self], |shapes| {
            let axis = resolve("repeat", axis, shapes[0].rank())?;
            let len = shapes[0].dim(axis) * repeats;
            Ok(tape::apply(along(&shapes[0], axis, len, |k| k / repeats), &[self]))
        })
    }

    /// The whole value several times along each axis; fewer numbers than axes are those of the last
    /// axes.
    #[track_caller]
    pub fn tile(self, repeats: &[usize]) -> Var {
        checked(&[self], |shapes| {
            let rank = shapes[0].rank();
            let Some(skipped) = rank.checked_sub(repeats.len()) else {
                let text = Text::new("tile names ").int(repeats.len() as i64).str(" axes of ");
                return Err(ShapeError::of(text.int(rank as i64))
                    .help("give the value more axes with expand_dims"));
            };
            let mut x = self;
            for (i, &times) in repeats.iter().enumerate().filter(|(_, times)| **times != 1) {
                let (shape, axis) = (x.shape(), skipped + i);
                let n = shape.dim(axis);
                x = tape::apply(along(&shape, axis, n * times, |k| k % n), &[x]);
            }
            Ok(x)
        })
    }

    /// More positions before and after each axis, two numbers for each; `value` stands there where
    /// the mode is [`PadMode::Constant`].
    #[track_caller]
    pub fn pad(self, widths: &[(usize, usize)], mode: PadMode, value: Float) -> Var {
        checked(&[self], |shapes| {
            if widths.len() != shapes[0].rank() {
                let text = Text::new("pad: ").int(widths.len() as i64).str(" pairs for ");
                return Err(ShapeError::of(text.int(shapes[0].rank() as i64).str(" axes"))
                    .help("write (0, 0) for an axis that stays, the samples' too"));
            }
            let mut x = self;
            for (axis, &(before, after)) in widths.iter().enumerate() {
                let n = x.shape().dim(axis);
                mode.reaches(n, before.max(after))?;
                if before + after > 0 {
                    let from = |k| mode.source(k, before, n);
                    let gather = along(&x.shape(), axis, before + n + after, from);
                    x = tape::apply(Gather { fill: f64::from(value), ..gather }, &[x]);
                }
            }
            Ok(x)
        })
    }

    /// The numbers on and below diagonal `k` of the last two axes, zeros above; 1 is the diagonal
    /// above the main one.
    #[track_caller]
    pub fn tril(self, k: isize) -> Var {
        triangle(self, "tril", |row, column| column - row <= k)
    }

    /// The numbers on and above diagonal `k` of the last two axes, zeros below.
    #[track_caller]
    pub fn triu(self, k: isize) -> Var {
        triangle(self, "triu", |row, column| column - row >= k)
    }

    /// The parts of an axis, of which the second begins at the first position given, and so on.
    #[track_caller]
    pub fn split(self, starts: &[usize], axis: isize) -> Vec<Var> {
        let whole = checked(&[self], |shapes| {
            let axis = resolve("split", axis, shapes[0].rank())?;
            let n = shapes[0].dim(axis);
            if !starts.is_sorted() || starts.last().is_some_and(|&last| last > n) {
                let text = format!("split: parts cannot begin at {starts:?} on an axis with {n}");
                return Err(ShapeError::new(&text).help("positions count from 0 and go up"));
            }
            Ok(self)
        });
        if whole.is_poison() {
            return vec![whole; starts.len() + 1];
        }
        let shape = self.shape();
        let axis = if axis < 0 { axis + shape.rank() as isize } else { axis } as usize;
        let ends = starts.iter().copied().chain([shape.dim(axis)]);
        let starts = std::iter::once(0).chain(starts.iter().copied());
        starts.zip(ends).map(|(start, end)| part(self, axis, start, end)).collect()
    }
}

impl PadMode {
    /// Refuses more positions than can be mirrored.
    fn reaches(self, n: usize, width: usize) -> Result<(), ShapeError> {
        let most = match self {
            PadMode::Constant => usize::MAX,
            PadMode::Reflect => n.saturating_sub(1),
            PadMode::Symmetric => n,
        };
        if width <= most {
            return Ok(());
        }
        let text = Text::new("pad: an axis with ").int(n as i64).str(" cannot be mirrored by ");
        Err(ShapeError::of(text.int(width as i64)).help("pad with a constant"))
    }

    /// Where position `k` of a padded axis comes from.
    fn source(self, k: usize, before: usize, n: usize) -> usize {
        match (self, k.checked_sub(before)) {
            (_, Some(at)) if at < n => at,
            (PadMode::Constant, _) => NOWHERE,
            (PadMode::Reflect, None) => before - k,
            (PadMode::Symmetric, None) => before - k - 1,
            (PadMode::Reflect, Some(at)) => 2 * n - 2 - at,
            (PadMode::Symmetric, Some(at)) => 2 * n - 1 - at,
        }
    }
}

/// The axes in this order.
#[track_caller]
pub(crate) fn permuted(x: Var, order: &[usize]) -> Var {
    let shape = x.shape();
    let from = strides(&shape);
    let dims: Vec<usize> = order.iter().map(|&axis| shape.dim(axis)).collect();
    let strides = order.iter().map(|&axis| from[axis]).collect();
    tape::apply(View { shape: Shape::new(&dims), start: 0, strides }, &[x])
}

#[track_caller]
fn part(x: Var, axis: usize, start: usize, end: usize) -> Var {
    let shape = x.shape();
    let strides = strides(&shape);
    let first = start as isize * strides[axis];
    tape::apply(View { shape: shape.with(axis, end - start), start: first, strides }, &[x])
}

#[track_caller]
fn triangle(x: Var, method: &str, keeps: impl Fn(isize, isize) -> bool) -> Var {
    checked(&[x], |shapes| {
        let shape = shapes[0];
        if shape.rank() < 2 {
            let text = Text::new(method).str(" needs two axes, but the value has ");
            return Err(ShapeError::of(text.int(shape.rank() as i64))
                .help("give it more axes with reshape"));
        }
        let (rows, columns) = (shape.dim(shape.rank() - 2), shape.last());
        // One for all pairs of the last two axes, to which it is stretched.
        let mut own = [1; MAX_RANK];
        (own[shape.rank() - 2], own[shape.rank() - 1]) = (rows, columns);
        let mut kept = pool::empty(rows * columns);
        for row in 0..rows as isize {
            kept.extend((0..columns as isize).map(|at| if keeps(row, at) { 1.0 } else { 0.0 }));
        }
        let kept = tape::constant(Tensor::of(Shape::new(&own[..shape.rank()]), kept));
        Ok(tape::apply(Choose, &[kept, x, number(0.0)]))
    })
}

#[cfg(test)]
mod tests {
    use ndarray::{ArrayD, array};

    use super::*;
    use crate::Mode;

    /// What becomes of `[[0, 1, 2], [3, 4, 5]]`.
    fn run(step: impl FnOnce(Var) -> Var) -> Result<ArrayD<Float>, String> {
        let x = array![[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]];
        let result = tape::run(Mode::Inference, || step(Var::from_array(&x)).to_array());
        result.map_err(|error| error.to_string())
    }

    #[track_caller]
    fn is<D: ndarray::Dimension>(step: fn(Var) -> Var, expected: ndarray::Array<Float, D>) {
        assert_eq!(run(step), Ok(expected.into_dyn()));
    }

    #[test]
    fn numbers_stand_where_the_definitions_say() {
        let rows = array![[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]];
        is(|x| x.swapaxes(0, -1), rows.t().to_owned());
        is(|x| x.moveaxis(&[1], &[0]), rows.t().to_owned());
        is(|x| x.flip(&[1]), array![[2.0, 1.0, 0.0], [5.0, 4.0, 3.0]]);
        is(|x| x.flip(&[0, 1]), array![[5.0, 4.0, 3.0], [2.0, 1.0, 0.0]]);
        is(|x| x.roll(1, 1), array![[2.0, 0.0, 1.0], [5.0, 3.0, 4.0]]);
        is(|x| x.roll(-4, 1), array![[1.0, 2.0, 0.0], [4.0, 5.0, 3.0]]);
        is(|x| x.repeat(2, 0).slice(ndarray::s![.., 0]), array![0.0, 0.0, 3.0, 3.0]);
        is(|x| x.tile(&[2]).slice(ndarray::s![1, ..]), array![3.0, 4.0, 5.0, 3.0, 4.0, 5.0]);
        is(|x| x.tile(&[2, 1]).slice(ndarray::s![.., 1]), array![1.0, 4.0, 1.0, 4.0]);
        is(|x| x.tril(0), array![[0.0, 0.0, 0.0], [3.0, 4.0, 0.0]]);
        is(|x| x.triu(1), array![[0.0, 1.0, 2.0], [0.0, 0.0, 5.0]]);
        is(|x| x.split(&[1], 1)[1], array![[1.0, 2.0], [4.0, 5.0]]);
        is(|x| x.split(&[1], 0)[0], array![[0.0, 1.0, 2.0]]);
        is(
            |x| x.slice(ndarray::s![1..2, ..]).broadcast_to(&[2, 3]),
            array![[3.0, 4.0, 5.0], [3.0, 4.0, 5.0]],
        );
        assert_eq!(run(|x| x.broadcast_to(&[4, 2, 3])).unwrap().shape(), [4, 2, 3]);
    }

    #[test]
    fn paddings_are_those_of_numpy() {
        let row = |mode, width| {
            let step = move |x: Var| x.pad(&[(0, 0), (width, 1)], mode, 9.0);
            run(step).unwrap().index_axis_move(ndarray::Axis(0), 0).into_raw_vec_and_offset().0
        };
        let row = |mode, width| row(mode, width)[..].to_vec()[..width + 4].to_vec();
        assert_eq!(row(PadMode::Constant, 1), [9.0, 0.0, 1.0, 2.0, 9.0]);
        assert_eq!(row(PadMode::Reflect, 2), [2.0, 1.0, 0.0, 1.0, 2.0, 1.0]);
        assert_eq!(row(PadMode::Symmetric, 2), [1.0, 0.0, 0.0, 1.0, 2.0, 2.0]);
    }

    #[test]
    fn what_does_not_fit_is_an_error() {
        let starts = |step: fn(Var) -> Var, sentence: &str| {
            let text = run(step).unwrap_err();
            assert!(text.starts_with(sentence), "{text}");
        };
        starts(|x| x.swapaxes(0, 2), "swapaxes: there is no axis 2");
        starts(|x| x.moveaxis(&[0], &[0, 1]), "moveaxis needs a place for each axis");
        starts(|x| x.broadcast_to(&[2, 4]), "broadcast_to: [2, 3] cannot be stretched to [2, 4]");
        starts(|x| x.tile(&[1, 1, 1]), "tile names 3 axes of 2");
        starts(|x| x.pad(&[(1, 1)], PadMode::Constant, 0.0), "pad: 1 pairs for 2 axes");
        starts(
            |x| x.pad(&[(0, 0), (3, 0)], PadMode::Reflect, 0.0),
            "pad: an axis with 3 cannot be mirrored by 3",
        );
        starts(|x| x.split(&[4], 1)[0], "split: parts cannot begin at [4] on an axis with 3");
        starts(|x| x.sum().tril(0), "tril needs two axes, but the value has 0");
    }
}
