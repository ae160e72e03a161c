use model_spec::functions::{concatenate, stack};
use model_spec::{ArgValue, Config, Shape, ShapeError, Text};

use super::axes::{checked, obey, resolve, same_samples};
use crate::ops::concat::Concat;
use crate::ops::strided::strides;
use crate::ops::view::{Reshape, View};
use crate::{Var, tape};

/// Other shapes. The sample axis is 0; what does not fit is the step's error.
///
/// ```
/// use model_runtime::prelude::*;
/// use ndarray::{ArrayD, array};
/// tape::run(Mode::Inference, || {
///     let x = Var::from_array(&array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
///     let is = |got: Var, expected: ArrayD<Float>| assert_eq!(got.to_array(), expected);
///     is(x.reshape(&[3, -1]), array![[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]].into_dyn());
///     is(x.reshape(&[2, 3, 1]).squeeze(2), x.to_array());
///     is(Var::concatenate(&[x, x], 1).slice(s![0, ..4]), array![1.0, 2.0, 3.0, 1.0].into_dyn());
///     assert_eq!(Var::stack(&[x, x], 0).shape(), Shape::new(&[2, 2, 3]));
/// })?;
/// # Ok::<(), Error>(())
/// ```
impl Var {
    /// The same numbers, in the same order, under another shape, sample axis included. One size
    /// may be -1: what is left over.
    #[track_caller]
    pub fn reshape(self, shape: &[isize]) -> Var {
        checked(&[self], |shapes| {
            let shape = fit(shape, shapes[0].size().unwrap_or(0))?;
            Ok(tape::apply(Reshape(shape), &[self]))
        })
    }

    /// All numbers of a sample in one axis: `(samples, n)`.
    #[track_caller]
    pub fn flatten(self) -> Var {
        let shape = self.shape();
        let size = shape.without_first().size().unwrap_or(0);
        if self.is_poison() {
            return self;
        }
        let samples = if shape.rank() == 0 { 1 } else { shape.dim(0) };
        tape::apply(Reshape(Shape::new(&[samples, size])), &[self])
    }

    /// The axes in another order; each is named once, the sample axis too.
    #[track_caller]
    pub fn transpose(self, axes: &[isize]) -> Var {
        checked(&[self], |shapes| {
            let order = permutation(axes, shapes[0].rank())?;
            let from = strides(&shapes[0]);
            let dims: Vec<usize> = order.iter().map(|&axis| shapes[0].dim(axis)).collect();
            let strides = order.iter().map(|&axis| from[axis]).collect();
            Ok(tape::apply(View { shape: Shape::new(&dims), start: 0, strides }, &[self]))
        })
    }

    /// One more axis, of size 1, where `axis` counts to in the result.
    #[track_caller]
    pub fn expand_dims(self, axis: isize) -> Var {
        checked(&[self], |shapes| {
            let axis = resolve("expand_dims", axis, shapes[0].rank() + 1)?;
            let mut dims = shapes[0].dims().to_vec();
            dims.insert(axis, 1);
            Ok(tape::apply(Reshape(bounded("expand_dims", &dims)?), &[self]))
        })
    }

    /// Without an axis of size 1.
    #[track_caller]
    pub fn squeeze(self, axis: isize) -> Var {
        checked(&[self], |shapes| {
            let position = resolve("squeeze", axis, shapes[0].rank())?;
            let mut dims = shapes[0].dims().to_vec();
            let size = dims.remove(position);
            if size != 1 {
                let text = Text::new("squeeze takes axes of size 1 away, but axis ");
                return Err(ShapeError::of(text.int(axis as i64).str(" has ").dim(size))
                    .help("take one number of the axis with slice, or a mean over it"));
            }
            Ok(tape::apply(Reshape(Shape::new(&dims)), &[self]))
        })
    }

    /// Values joined along an axis; the other axes are equal.
    #[track_caller]
    pub fn concatenate(vars: &[Var], axis: isize) -> Var {
        checked(vars, |shapes| {
            let rank = shapes.first().map_or(0, Shape::rank);
            match resolve("concatenate", axis, rank.max(1))? {
                0 => same_sample_shapes("concatenate", shapes)?,
                axis => {
                    equal_samples(shapes)?;
                    let axis = [ArgValue::Int(axis as i64)];
                    obey(concatenate::rule, &Config::new(&axis), shapes)?;
                }
            }
            Ok(tape::apply(Concat(resolve("concatenate", axis, rank)?), vars))
        })
    }

    /// Values of one shape side by side along a new axis, where `axis` counts to in the result.
    #[track_caller]
    pub fn stack(vars: &[Var], axis: isize) -> Var {
        checked(vars, |shapes| {
            let rank = shapes.first().map_or(0, Shape::rank);
            let axis = resolve("stack", axis, rank + 1)?;
            equal_samples(shapes)?;
            if axis == 0 {
                same_sample_shapes("stack", shapes)?;
            } else {
                let axis = [ArgValue::Int(axis as i64)];
                obey(stack::rule, &Config::new(&axis), shapes)?;
            }
            let mut parts = Vec::with_capacity(vars.len());
            for (var, shape) in vars.iter().zip(shapes) {
                let mut dims = shape.dims().to_vec();
                dims.insert(axis, 1);
                parts.push(tape::apply(Reshape(bounded("stack", &dims)?), &[*var]));
            }
            Ok(tape::apply(Concat(axis), &parts))
        })
    }

    /// The same numbers as a constant: no gradient goes through.
    #[track_caller]
    pub fn detach(self) -> Var {
        if self.is_poison() {
            return self;
        }
        let value = tape::constant(self.tensor());
        match self.mask() {
            Some(mask) => tape::set_mask(value, mask),
            None => value,
        }
    }
}

/// The shape with its -1 found out.
fn fit(target: &[isize], size: usize) -> Result<Shape, ShapeError> {
    let written = format!("reshape({target:?})");
    let text = |rest: &str| ShapeError::of(Text::new(&written).str(rest));
    if target.iter().any(|&dim| dim < -1) || target.iter().filter(|&&dim| dim == -1).count() > 1 {
        return Err(text(" has more than one open size").help("only one size can be -1"));
    }
    let known = target
        .iter()
        .filter(|&&dim| dim >= 0)
        .try_fold(1, |n: usize, &d| n.checked_mul(d as usize));
    let open = target.contains(&-1);
    let rest = match known {
        Some(known) if open && known > 0 && size.is_multiple_of(known) => size / known,
        Some(known) if !open && known == size => 0,
        _ => {
            let sizes = format!(
                " needs {}{} numbers, but the value has {size}, all samples together",
                if open { "a multiple of " } else { "" },
                known.map_or("too many".to_owned(), |known| known.to_string()),
            );
            return Err(
                text(&sizes).help("the first size is the number of samples: write -1 there")
            );
        }
    };
    let dims = target.iter().map(|&dim| if dim == -1 { rest } else { dim as usize });
    bounded("reshape", &dims.collect::<Vec<_>>())
}

/// A shape of these sizes, if it does not have too many axes.
pub(crate) fn bounded(method: &str, dims: &[usize]) -> Result<Shape, ShapeError> {
    if dims.len() > model_spec::MAX_RANK {
        let text = Text::new(method).str(": a value has at most 8 axes, and this would have more");
        return Err(ShapeError::of(text).help("put some of them together with reshape"));
    }
    Ok(Shape::new(dims))
}

fn permutation(axes: &[isize], rank: usize) -> Result<Vec<usize>, ShapeError> {
    let order =
        axes.iter().map(|&axis| resolve("transpose", axis, rank)).collect::<Result<Vec<_>, _>>()?;
    let mut sorted = order.clone();
    sorted.sort_unstable();
    if !sorted.iter().copied().eq(0..rank) {
        let text = format!("transpose: {axes:?} does not name each of the {rank} axes once");
        let all: Vec<usize> = (0..rank).rev().collect();
        return Err(ShapeError::new(&text).help_of(
            Text::new("the sample axis is 0; to reverse all, write ").str(&format!("{all:?}")),
        ));
    }
    Ok(order)
}

/// Refuses different numbers of samples, where one is not stretched either.
pub(super) fn equal_samples(shapes: &[Shape]) -> Result<(), ShapeError> {
    let mut counts = shapes.iter().filter(|shape| shape.rank() > 0).map(|shape| shape.dim(0));
    same_samples(counts.clone())?;
    let first = counts.next().unwrap_or(1);
    match counts.find(|&count| count != first) {
        Some(other) => Err(ShapeError::of(
            Text::new("the numbers of samples differ: ").dim(first).str(" and ").dim(other),
        )
        .help("take both from the same batch")),
        None => Ok(()),
    }
}

/// Refuses samples of different shapes, and values without samples.
fn same_sample_shapes(method: &str, shapes: &[Shape]) -> Result<(), ShapeError> {
    let Some(first) = shapes.first() else {
        return Err(ShapeError::of(Text::new(method).str(" takes at least 1 input, but got 0")));
    };
    for other in shapes {
        if first.rank() != other.rank() || first.without_first() != other.without_first() {
            let text = Text::new(method).str(": samples must have the same shape, but are ");
            let text = text.shape(&first.without_first()).str(" and ");
            return Err(ShapeError::of(text.shape(&other.without_first()))
                .help("give them the same shape with reshape"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use ndarray::{Array, array};

    use super::*;
    use crate::{Float, Mode};

    fn run(step: impl FnOnce(Var) -> Var) -> Result<ndarray::ArrayD<Float>, String> {
        let x = Array::from_shape_fn((2, 3), |(i, j)| (i * 3 + j) as Float);
        let result = tape::run(Mode::Inference, || step(Var::from_array(&x)).to_array());
        result.map_err(|error| error.to_string())
    }

    #[test]
    fn shapes_change_and_numbers_do_not() {
        let rows = array![[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]];
        assert_eq!(run(|x| x.reshape(&[-1])).unwrap().len(), 6);
        assert_eq!(run(|x| x.reshape(&[3, -1])).unwrap().shape(), [3, 2]);
        assert_eq!(run(|x| x.transpose(&[1, 0])).unwrap(), rows.t().to_owned().into_dyn());
        assert_eq!(run(|x| x.expand_dims(-1).squeeze(2)).unwrap(), rows.into_dyn());
        assert_eq!(run(|x| x.expand_dims(1).flatten()).unwrap().shape(), [2, 3]);
        let joined = run(|x| Var::concatenate(&[x, x + 10], -1)).unwrap();
        assert_eq!(
            joined,
            array![[0., 1., 2., 10., 11., 12.], [3., 4., 5., 13., 14., 15.]].into_dyn()
        );
        assert_eq!(run(|x| Var::concatenate(&[x, x], 0)).unwrap().shape(), [4, 3]);
        assert_eq!(run(|x| Var::stack(&[x, x], 0)).unwrap().shape(), [2, 2, 3]);
        assert_eq!(run(|x| Var::stack(&[x, x, x], -1)).unwrap().shape(), [2, 3, 3]);
    }

    #[test]
    fn what_does_not_fit_is_an_error() {
        let starts = |step: fn(Var) -> Var, sentence: &str| {
            let text = run(step).unwrap_err();
            assert!(text.starts_with(sentence), "{text}");
        };
        starts(|x| x.reshape(&[4]), "reshape([4]) needs 4 numbers, but the value has 6");
        starts(|x| x.reshape(&[-1, 4]), "reshape([-1, 4]) needs a multiple of 4 numbers");
        starts(|x| x.reshape(&[-1, -1]), "reshape([-1, -1]) has more than one open size");
        starts(|x| x.reshape(&[0, -1]), "reshape([0, -1]) needs a multiple of 0");
        starts(|x| x.reshape(&[isize::MAX, 4]), "reshape([");
        starts(|x| x.transpose(&[0, 0]), "transpose: [0, 0] does not name each of the 2 axes");
        starts(|x| x.squeeze(1), "squeeze takes axes of size 1 away, but axis 1 has 3");
        starts(|_| Var::concatenate(&[], 0), "concatenate takes at least 1 input, but got 0");
        starts(|_| Var::stack(&[], 0), "stack takes at least 1 input, but got 0");
        starts(|x| Var::stack(&[x, x.expand_dims(1)], 0), "stack: samples must have");
        starts(|x| Var::concatenate(&[x, x.transpose(&[1, 0])], 1), "the numbers of samples");
        starts(|x| x.reshape(&[1; 9]), "reshape([1, 1, 1");
        starts(
            |_| Var::from_array(&ndarray::ArrayD::zeros(vec![1; 9])),
            "from_array: a value has at most 8 axes",
        );
        let full = |x: Var| Var::stack(&[x.reshape(&[2, 3, 1, 1, 1, 1, 1, 1])], 0);
        starts(full, "stack: a value has at most 8 axes");
        assert!(run(full).unwrap_err().contains("shape.rs"));
    }
}
