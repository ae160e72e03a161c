//! `Dense(units)`: every last-axis vector times a matrix, plus a bias.
//! <https://keras.io/api/layers/core_layers/dense/>

use crate::catalogue::{Arg, ArgKind, Entry, Form, Inputs};
use crate::words::{ACTIVATION, INITIALIZER, REGULARIZER};
use crate::{ArgValue, Config, Shape, ShapeError, Text, Value, Values, require_float};

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
    ],
    rule,
    parameters,
};

const UNITS: usize = 0;
const USE_BIAS: usize = 2;

/// `(…, n)` becomes `(…, units)`.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    let input = inputs[0];
    if let Err(error) = require_float("Dense", &input) {
        return Err(error);
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
    Ok(Values::shape(shape.with(shape.rank() - 1, config.int(UNITS) as usize)))
}

/// A kernel `(n, units)` and a bias `(units)`.
pub const fn parameters(config: &Config<'_>, inputs: &[Value]) -> usize {
    let units = config.int(UNITS) as usize;
    let bias = if config.bool(USE_BIAS) { units } else { 0 };
    inputs[0].shape.last().saturating_mul(units).saturating_add(bias)
}
