//! Axes and shapes as the methods of [`Var`] count them: the sample axis is 0.

use model_spec::{Config, Kind, MAX_RANK, Rule, Shape, ShapeError, Text, Value, Values};
use smallvec::SmallVec;

use crate::{Var, tape};

/// What the rules see of a value: the shape without the samples, and whether it carries a mask. On
/// the tape, indices are numbers as all others.
pub(crate) fn value(shape: &Shape, mask: bool) -> Value {
    Value { shape: shape.without_first(), kind: Kind::Float, mask }
}

/// [`value`] of each.
#[track_caller]
pub(crate) fn values(vars: &[Var]) -> SmallVec<[Value; 1]> {
    vars.iter().map(|var| value(&var.shape(), var.mask().is_some())).collect()
}

/// An axis counted from 0, the sample axis; negative ones count from the end.
pub(super) fn resolve(method: &str, axis: isize, rank: usize) -> Result<usize, ShapeError> {
    let position = if axis < 0 { axis + rank as isize } else { axis };
    if (0..rank as isize).contains(&position) {
        return Ok(position as usize);
    }
    let text = Text::new(method).str(": there is no axis ").int(axis as i64);
    Err(ShapeError::of(text.str(" in a value with ").int(rank as i64))
        .help("axis 0 is that of the samples, 1 the first after it; -1 is the last"))
}

/// The chosen axes, each `true`.
pub(super) fn resolve_all(
    method: &str,
    axes: &[isize],
    rank: usize,
) -> Result<[bool; MAX_RANK], ShapeError> {
    let mut chosen = [false; MAX_RANK];
    for &axis in axes {
        let position = resolve(method, axis, rank)?;
        if chosen[position] {
            let text = Text::new(method).str(": axis ").int(axis as i64);
            return Err(ShapeError::of(text.str(" is chosen twice")).help("leave one of them out"));
        }
        chosen[position] = true;
    }
    Ok(chosen)
}

/// Refuses values with different numbers of samples. One sample, and values without a sample axis,
/// go with any.
pub(crate) fn same_samples(counts: impl IntoIterator<Item = usize>) -> Result<(), ShapeError> {
    let mut first = 1;
    match counts.into_iter().find(|&count| {
        if first == 1 {
            first = count;
        }
        count != 1 && count != first
    }) {
        Some(other) => Err(ShapeError::of(
            Text::new("the numbers of samples differ: ").dim(first).str(" and ").dim(other),
        )
        .help("the first axis is that of the samples; a weight gets one with expand_dims(0)")),
        None => Ok(()),
    }
}

/// Runs `make` on inputs that no operation before has failed on; an error is recorded.
#[track_caller]
pub(super) fn checked(
    inputs: &[Var],
    make: impl FnOnce(&[Shape]) -> Result<Var, ShapeError>,
) -> Var {
    // No closure around `make`, which would hide the caller's line.
    match shapes(inputs) {
        Err(poison) => poison,
        Ok(shapes) => match make(&shapes) {
            Ok(var) => var,
            Err(error) => tape::fail_shape(error, inputs),
        },
    }
}

/// The shapes of the inputs; the first that comes from an operation that failed, if one does.
#[track_caller]
fn shapes(inputs: &[Var]) -> Result<SmallVec<[Shape; 1]>, Var> {
    let mut shapes = SmallVec::new();
    tape::look(inputs, |shape, _| shapes.push(*shape))?;
    Ok(shapes)
}

/// The rule of the catalogue on shapes without the sample axis.
pub(super) fn obey(
    rule: Rule,
    config: &Config<'_>,
    shapes: &[Shape],
) -> Result<Values, ShapeError> {
    let values: Vec<Value> = shapes.iter().map(|s| Value::new(s.without_first())).collect();
    rule(config, &values)
}
