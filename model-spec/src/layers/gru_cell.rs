//! `GRUCell(units)`: one step of a GRU.
//! <https://keras.io/api/layers/recurrent_layers/gru_cell/>

use crate::catalogue::{Arg, Entry, Inputs, Outputs};
use crate::recurrent::{
    ACTIVATION_ARG, BIAS_CONSTRAINT, BIAS_INITIALIZER, BIAS_REGULARIZER, DROPOUT,
    KERNEL_CONSTRAINT, KERNEL_INITIALIZER, KERNEL_REGULARIZER, Kind, RECURRENT_ACTIVATION,
    RECURRENT_CONSTRAINT, RECURRENT_DROPOUT, RECURRENT_INITIALIZER, RECURRENT_REGULARIZER, SEED,
    UNITS, USE_BIAS, yes,
};
use crate::{Config, ShapeError, Value, Values, Weights};

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    name: "GRUCell",
    snake: "gru_cell",
    module: "layers::gru_cell",
    inputs: Inputs::Between { least: 1, most: 2, names: &["inputs", "states"] },
    outputs: Outputs::Several(outputs),
    args: ARGS,
    rule,
    weights,
    ..Entry::LAYER
};

const ARGS: &[Arg] = &[
    UNITS,
    ACTIVATION_ARG,
    RECURRENT_ACTIVATION,
    USE_BIAS,
    KERNEL_INITIALIZER,
    RECURRENT_INITIALIZER,
    BIAS_INITIALIZER,
    KERNEL_REGULARIZER,
    RECURRENT_REGULARIZER,
    BIAS_REGULARIZER,
    KERNEL_CONSTRAINT,
    RECURRENT_CONSTRAINT,
    BIAS_CONSTRAINT,
    DROPOUT,
    RECURRENT_DROPOUT,
    yes("reset_after"),
    SEED,
];
const RESET_AFTER: usize = 15;

const KIND: Kind = Kind { layer: "GRUCell", args: ARGS, gates: 3, states: 1, sequence: false };

fn outputs(config: &Config<'_>) -> usize {
    KIND.outputs(config)
}

/// `(n)` becomes `(units)`, and the states follow.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    KIND.rule(config, inputs)
}

/// A kernel `(n, 3 · units)`, a recurrent kernel `(units, 3 · units)`, and a bias `(2, 3 · units)`,
/// `(3 · units)` with the reset before the product.
pub const fn weights(config: &Config<'_>, inputs: &[Value]) -> Weights {
    let rows = if config.bool(RESET_AFTER) { 2 } else { 1 };
    KIND.weights(config, inputs, rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::f;
    use crate::{ArgValue, Shape};

    #[test]
    fn a_step_becomes_the_output_and_the_state() {
        let args: Vec<ArgValue> =
            ARGS.iter().map(|arg| arg.default.unwrap_or(ArgValue::Int(8))).collect();
        let values = rule(&Config::new(&args), &[f(&[3]), f(&[8])]).unwrap();
        assert_eq!(values.as_slice(), [f(&[8]), f(&[8])]);
        assert_eq!(ARGS[RESET_AFTER].name, "reset_after");
        assert_eq!(weights(&Config::new(&args), &[f(&[3])]).get(2), Shape::new(&[2, 24]));
    }
}
