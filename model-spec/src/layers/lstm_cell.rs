//! `LSTMCell(units)`: one step of an LSTM.
//! <https://keras.io/api/layers/recurrent_layers/lstm_cell/>

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
    name: "LSTMCell",
    snake: "lstm_cell",
    module: "layers::lstm_cell",
    inputs: Inputs::Between { least: 1, most: 3, names: &["inputs", "states"] },
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
    yes("unit_forget_bias"),
    KERNEL_REGULARIZER,
    RECURRENT_REGULARIZER,
    BIAS_REGULARIZER,
    KERNEL_CONSTRAINT,
    RECURRENT_CONSTRAINT,
    BIAS_CONSTRAINT,
    DROPOUT,
    RECURRENT_DROPOUT,
    SEED,
];

const KIND: Kind = Kind { layer: "LSTMCell", args: ARGS, gates: 4, states: 2, sequence: false };

fn outputs(config: &Config<'_>) -> usize {
    KIND.outputs(config)
}

/// `(n)` becomes `(units)`, and the states follow.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    KIND.rule(config, inputs)
}

/// A kernel `(n, 4 · units)`, a recurrent kernel `(units, 4 · units)`, and a bias `(4 · units)`.
pub const fn weights(config: &Config<'_>, inputs: &[Value]) -> Weights {
    KIND.weights(config, inputs, 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ArgValue;
    use crate::testing::{check, f};

    #[test]
    fn a_step_becomes_the_output_and_the_states() {
        let args: Vec<ArgValue> =
            ARGS.iter().map(|arg| arg.default.unwrap_or(ArgValue::Int(8))).collect();
        let values = rule(&Config::new(&args), &[f(&[3]), f(&[8]), f(&[8])]).unwrap();
        assert_eq!(values.as_slice(), [f(&[8]), f(&[8]), f(&[8])]);
        check(
            rule,
            &[
                (&args, &[f(&[3])], Ok(&[8])),
                (
                    &args,
                    &[f(&[20, 3])],
                    Err("LSTMCell takes one step (features), but the input is (20, 3)"),
                ),
                (
                    &args,
                    &[f(&[3]), f(&[8])],
                    Err("LSTMCell goes on from two states, h and c, but got 1"),
                ),
            ],
        );
    }
}
