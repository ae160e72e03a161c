//! What the rules of normalisations share.

use crate::catalogue::{Arg, ArgKind};
use crate::rules::{attempt, not_negative};
use crate::{
    ArgValue, Config, MAX_RANK, Shape, ShapeError, Text, Weights, resolve_axes, resolve_axis,
};

/// The argument `epsilon` with Keras's default for most.
pub(crate) const EPSILON_ARG: Arg =
    Arg::new("epsilon", ArgKind::Float, ArgValue::Float(1e-3)).check(check_epsilon);
/// The argument `center`.
pub(crate) const CENTER_ARG: Arg = Arg::new("center", ArgKind::Bool, ArgValue::Bool(true));
/// The argument `scale`.
pub(crate) const SCALE_ARG: Arg = Arg::new("scale", ArgKind::Bool, ArgValue::Bool(true));

pub(crate) fn check_epsilon(value: ArgValue) -> Result<(), ShapeError> {
    not_negative("normalization", "epsilon", value)
}

/// The axis that an argument chooses, whose size must be known.
pub(crate) const fn known_axis(layer: &str, axis: i64, shape: &Shape) -> Result<usize, ShapeError> {
    let position = attempt!(resolve_axis(layer, axis, shape));
    if shape.dim(position) == Shape::ANY {
        return Err(ShapeError::of(
            Text::new(layer)
                .str(" needs to know the size of axis ")
                .int(axis)
                .str(", and it is `_` in ")
                .shape(shape),
        )
        .help("write a number for this axis of the Input"));
    }
    Ok(position)
}

/// The axes that an argument chooses, one at least. They must be known where they have weights.
pub(crate) const fn chosen_axes(
    layer: &str,
    axes: &[i64],
    shape: &Shape,
    weights: bool,
) -> Result<[bool; MAX_RANK], ShapeError> {
    if axes.is_empty() {
        return Err(ShapeError::of(Text::new(layer).str(": `axis` names no axis"))
            .help("name one or more, such as axis = -1 or axis = (1, 2)"));
    }
    let mut i = 0;
    while i < axes.len() {
        if weights {
            attempt!(known_axis(layer, axes[i], shape));
        }
        i += 1;
    }
    resolve_axes(layer, axes, shape)
}

/// The sizes of the axes that an argument chooses, in the order of the input.
pub(crate) const fn sizes_of(axes: &[i64], shape: &Shape) -> Option<Shape> {
    let chosen = match resolve_axes("", axes, shape) {
        Ok(chosen) => chosen,
        Err(_) => return None,
    };
    let mut sizes = Shape::SCALAR;
    let mut axis = 0;
    while axis < shape.rank() {
        if chosen[axis] {
            sizes = sizes.push(shape.dim(axis));
        }
        axis += 1;
    }
    Some(sizes)
}

/// `gamma` and `beta` of this shape, as far as the arguments at these places ask for them.
pub(crate) const fn scale_and_center(
    config: &Config<'_>,
    scale: usize,
    center: usize,
    shape: Shape,
) -> Weights {
    let mut weights = Weights::NONE;
    if config.bool(scale) {
        weights = weights.and("gamma", shape);
    }
    if config.bool(center) {
        weights = weights.and("beta", shape);
    }
    weights
}
