//! `PReLU()`: what is above 0, the rest times slopes that are learned.
//! <https://keras.io/api/layers/activation_layers/prelu/>

use crate::catalogue::{Arg, ArgKind, Entry, Form, Inputs};
use crate::convolution::{constraint, initializer, regularizer};
use crate::rules::{attempt, one_float};
use crate::{
    ArgValue, Config, MAX_RANK, Shape, ShapeError, Text, Value, Values, Weights, resolve_axes,
};

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    name: "PReLU",
    snake: "p_re_lu",
    module: "layers::p_re_lu",
    form: Form::Layer,
    inputs: Inputs::Exactly(1),
    args: &[
        initializer("alpha_initializer", "zeros"),
        regularizer("alpha_regularizer"),
        constraint("alpha_constraint"),
        Arg::new("shared_axes", ArgKind::Ints, ArgValue::Unset),
    ],
    rule,
    weights,
    ..Entry::LAYER
};

const SHARED_AXES: usize = 3;

/// The shape stays. The axes that are not shared must be known.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    let input = attempt!(one_float("PReLU", inputs));
    if input.is_poison() {
        return Ok(Values::POISON);
    }
    let shared = attempt!(shared(config, &input.shape));
    let mut axis = 0;
    while axis < input.shape.rank() {
        if !shared[axis] && input.shape.dim(axis) == Shape::ANY {
            return Err(ShapeError::of(
                Text::new("PReLU has a slope for each position, but a size is `_` in ")
                    .shape(&input.shape),
            )
            .help_of(
                Text::new("share one slope along this axis: PReLU(shared_axes = (")
                    .int(axis as i64 + 1)
                    .str(",))"),
            ));
        }
        axis += 1;
    }
    Ok(Values::one(input))
}

/// `alpha`, with the shape of a sample, in which shared axes have size 1.
pub const fn weights(config: &Config<'_>, inputs: &[Value]) -> Weights {
    if inputs.is_empty() {
        return Weights::NONE;
    }
    let mut shape = inputs[0].shape;
    let shared = match shared(config, &shape) {
        Ok(shared) => shared,
        Err(_) => return Weights::NONE,
    };
    let mut axis = 0;
    while axis < shape.rank() {
        if shared[axis] {
            shape = shape.with(axis, 1);
        }
        axis += 1;
    }
    Weights::NONE.and("alpha", shape)
}

const fn shared(config: &Config<'_>, shape: &Shape) -> Result<[bool; MAX_RANK], ShapeError> {
    let axes = config.ints(SHARED_AXES);
    // No axes are all of them for `resolve_axes`.
    if axes.is_empty() {
        return Ok([false; MAX_RANK]);
    }
    resolve_axes("PReLU", axes.as_slice(), shape)
}

#[cfg(test)]
mod tests {
    use ArgValue::Unset;

    use super::*;
    use crate::testing::{check, f, tuple};

    #[test]
    fn the_shape_stays_and_slopes_are_shared() {
        let both = [Unset, Unset, Unset, tuple(&[1, 2])];
        check(
            rule,
            &[
                (&[], &[f(&[8, 8, 3])], Ok(&[8, 8, 3])),
                (&[], &[f(&[])], Ok(&[])),
                (&both, &[f(&[Shape::ANY, 8, 3])], Ok(&[Shape::ANY, 8, 3])),
                (
                    &[],
                    &[f(&[Shape::ANY, 3])],
                    Err("PReLU has a slope for each position, but a size is `_` in (_, 3)"),
                ),
                (&both, &[f(&[8])], Err("PReLU: there is no axis 2 in (8)")),
            ],
        );
        let alpha = |args: &[ArgValue]| weights(&Config::new(args), &[f(&[8, 8, 3])]).get(0);
        assert_eq!(alpha(&[]), Shape::new(&[8, 8, 3]));
        assert_eq!(alpha(&both), Shape::new(&[1, 1, 3]));
    }
}
