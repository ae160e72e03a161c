//! `Dense(units)`: every last-axis vector times a matrix, plus a bias.
//! <https://keras.io/api/layers/core_layers/dense/>

use crate::catalogue::{Arg, ArgKind, Entry, Form, Inputs};
use crate::rules::{attempt, one_float, result, size};
use crate::words::{ACTIVATION, CONSTRAINT, INITIALIZER, REGULARIZER};
use crate::{ArgValue, Config, Shape, ShapeError, Text, Value, Values, Weights};

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    name: "Dense",
    snake: "dense",
    module: "layers::dense",
    form: Form::Layer,
    inputs: Inputs::Exactly(1),
    args: &[
        Arg::required("units", ArgKind::Size),
        Arg::new("activation", ArgKind::Word(&ACTIVATION), ArgValue::Word("linear")),
        Arg::new("use_bias", ArgKind::Bool, ArgValue::Bool(true)),
        Arg::new(
            "kernel_initializer",
            ArgKind::Word(&INITIALIZER),
            ArgValue::Word("glorot_uniform"),
        ),
        Arg::new("bias_initializer", ArgKind::Word(&INITIALIZER), ArgValue::Word("zeros")),
        Arg::new("kernel_regularizer", ArgKind::Word(&REGULARIZER), ArgValue::Unset),
        Arg::new("bias_regularizer", ArgKind::Word(&REGULARIZER), ArgValue::Unset),
        Arg::new("activity_regularizer", ArgKind::Word(&REGULARIZER), ArgValue::Unset),
        Arg::new("kernel_constraint", ArgKind::Word(&CONSTRAINT), ArgValue::Unset),
        Arg::new("bias_constraint", ArgKind::Word(&CONSTRAINT), ArgValue::Unset),
    ],
    rule,
    weights,
    ..Entry::LAYER
};

const UNITS: usize = 0;
const USE_BIAS: usize = 2;

/// `(…, n)` becomes `(…, units)`.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    let input = attempt!(one_float("Dense", inputs));
    if input.is_poison() {
        return Ok(Values::POISON);
    }
    let shape = input.shape;
    if shape.rank() == 0 {
        return Err(ShapeError::new("Dense needs at least one axis, but the input is one number")
            .help("give it an axis: Reshape(1)"));
    }
    if shape.last() == Shape::ANY {
        return Err(ShapeError::of(
            Text::new("Dense needs to know the size of the last axis, and it is `_` in ")
                .shape(&shape),
        )
        .help("write a number for the last axis of the Input"));
    }
    let units = attempt!(size("Dense", "units", config, UNITS));
    result("Dense", input.with_shape(shape.with(shape.rank() - 1, units)))
}

/// A kernel `(n, units)` and a bias `(units)`.
pub const fn weights(config: &Config<'_>, inputs: &[Value]) -> Weights {
    let units = config.int(UNITS) as usize;
    let features = if inputs.is_empty() { 0 } else { inputs[0].shape.last() };
    let weights = Weights::NONE.and("kernel", Shape::new(&[features, units]));
    if config.bool(USE_BIAS) { weights.and("bias", Shape::new(&[units])) } else { weights }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{check, f};

    #[test]
    fn the_last_axis_becomes_units() {
        let ten = [ArgValue::Int(10)];
        check(
            rule,
            &[
                (&ten, &[f(&[784])], Ok(&[10])),
                (&ten, &[f(&[26, 26, 8])], Ok(&[26, 26, 10])),
                (&ten, &[f(&[Shape::ANY, 8])], Ok(&[Shape::ANY, 10])),
                (
                    &ten,
                    &[f(&[])],
                    Err("Dense needs at least one axis, but the input is one number"),
                ),
                (
                    &ten,
                    &[f(&[4, Shape::ANY])],
                    Err("Dense needs to know the size of the last axis, and it is `_` in (4, _)"),
                ),
                (
                    &[ArgValue::Int(0)],
                    &[f(&[4])],
                    Err("Dense: units must be a positive whole number, but is 0"),
                ),
            ],
        );
    }

    #[test]
    fn a_kernel_and_a_bias_are_counted() {
        let mut args = [ArgValue::Int(64), ArgValue::Unset, ArgValue::Bool(true)];
        assert_eq!(weights(&Config::new(&args), &[f(&[784])]).size(), 50_240);
        args[USE_BIAS] = ArgValue::Bool(false);
        assert_eq!(weights(&Config::new(&args), &[f(&[784])]).size(), 50_176);
    }
}
