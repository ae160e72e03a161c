//! `SimpleRNN(units)`: a fully connected recurrent layer over a sequence.
//! <https://keras.io/api/layers/recurrent_layers/simple_rnn/>

use crate::catalogue::{Arg, Entry, Inputs, Outputs};
use crate::recurrent::{
    ACTIVATION_ARG, ACTIVITY_REGULARIZER, BIAS_CONSTRAINT, BIAS_INITIALIZER, BIAS_REGULARIZER,
    DROPOUT, GO_BACKWARDS, KERNEL_CONSTRAINT, KERNEL_INITIALIZER, KERNEL_REGULARIZER, Kind,
    RECURRENT_CONSTRAINT, RECURRENT_DROPOUT, RECURRENT_INITIALIZER, RECURRENT_REGULARIZER,
    RETURN_SEQUENCES, RETURN_STATE, SEED, UNITS, USE_BIAS, ZERO_OUTPUT_FOR_MASK,
};
use crate::{Config, ShapeError, Value, Values, Weights};

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    name: "SimpleRNN",
    snake: "simple_rnn",
    module: "layers::simple_rnn",
    inputs: Inputs::Between { least: 1, most: 2, names: &["inputs", "initial_state"] },
    outputs: Outputs::Several(outputs),
    uses_mask: true,
    args: ARGS,
    rule,
    weights,
    ..Entry::LAYER
};

const ARGS: &[Arg] = &[
    UNITS,
    ACTIVATION_ARG,
    USE_BIAS,
    KERNEL_INITIALIZER,
    RECURRENT_INITIALIZER,
    BIAS_INITIALIZER,
    KERNEL_REGULARIZER,
    RECURRENT_REGULARIZER,
    BIAS_REGULARIZER,
    ACTIVITY_REGULARIZER,
    KERNEL_CONSTRAINT,
    RECURRENT_CONSTRAINT,
    BIAS_CONSTRAINT,
    DROPOUT,
    RECURRENT_DROPOUT,
    RETURN_SEQUENCES,
    RETURN_STATE,
    GO_BACKWARDS,
    SEED,
    ZERO_OUTPUT_FOR_MASK,
];

const KIND: Kind = Kind { layer: "SimpleRNN", args: ARGS, gates: 1, states: 1, sequence: true };

fn outputs(config: &Config<'_>) -> usize {
    KIND.outputs(config)
}

/// `(steps, n)` becomes `(units)`, or `(steps, units)` with `return_sequences`, and the states
/// follow with `return_state`.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    KIND.rule(config, inputs)
}

/// A kernel `(n, units)`, a recurrent kernel `(units, units)`, and a bias `(units)`.
pub const fn weights(config: &Config<'_>, inputs: &[Value]) -> Weights {
    KIND.weights(config, inputs, 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ArgValue;
    use crate::testing::{check, f};

    #[test]
    fn a_sequence_becomes_the_last_output() {
        let args: Vec<ArgValue> =
            ARGS.iter().map(|arg| arg.default.unwrap_or(ArgValue::Int(8))).collect();
        check(
            rule,
            &[
                (&args, &[f(&[20, 3])], Ok(&[8])),
                (&args, &[f(&[20, 3]), f(&[8])], Ok(&[8])),
                (
                    &args,
                    &[f(&[20, 3]), f(&[5])],
                    Err("SimpleRNN goes on from states (8), but got one of (5)"),
                ),
            ],
        );
        // Keras's `SimpleRNN(8).count_params()` for 3 features.
        assert_eq!(weights(&Config::new(&args), &[f(&[20, 3])]).size(), 96);
    }
}
