//! `GRU(units)`: gated recurrent units over a sequence.
//! <https://keras.io/api/layers/recurrent_layers/gru/>

use crate::catalogue::{Arg, Entry, Inputs, Outputs};
use crate::recurrent::{
    ACTIVATION_ARG, ACTIVITY_REGULARIZER, BIAS_CONSTRAINT, BIAS_INITIALIZER, BIAS_REGULARIZER,
    DROPOUT, GO_BACKWARDS, KERNEL_CONSTRAINT, KERNEL_INITIALIZER, KERNEL_REGULARIZER, Kind,
    RECURRENT_ACTIVATION, RECURRENT_CONSTRAINT, RECURRENT_DROPOUT, RECURRENT_INITIALIZER,
    RECURRENT_REGULARIZER, RETURN_SEQUENCES, RETURN_STATE, SEED, UNITS, USE_BIAS,
    ZERO_OUTPUT_FOR_MASK, yes,
};
use crate::{Config, ShapeError, Value, Values, Weights};

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    name: "GRU",
    snake: "gru",
    module: "layers::gru",
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
    RECURRENT_ACTIVATION,
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
    SEED,
    RETURN_SEQUENCES,
    RETURN_STATE,
    GO_BACKWARDS,
    yes("reset_after"),
    ZERO_OUTPUT_FOR_MASK,
];
const RESET_AFTER: usize = 20;

const KIND: Kind = Kind { layer: "GRU", args: ARGS, gates: 3, states: 1, sequence: true };

fn outputs(config: &Config<'_>) -> usize {
    KIND.outputs(config)
}

/// `(steps, n)` becomes `(units)`, or `(steps, units)` with `return_sequences`, and the states
/// follow with `return_state`.
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
    use crate::testing::{check, f};
    use crate::{ArgValue, Shape};

    fn args(reset_after: bool) -> Vec<ArgValue> {
        let default = |arg: &Arg| arg.default.unwrap_or(ArgValue::Int(8));
        let mut args: Vec<ArgValue> = ARGS.iter().map(default).collect();
        args[RESET_AFTER] = ArgValue::Bool(reset_after);
        args
    }

    #[test]
    fn a_sequence_becomes_the_last_output() {
        check(
            rule,
            &[
                (&args(true), &[f(&[20, 3])], Ok(&[8])),
                (&args(true), &[f(&[20, 3]), f(&[8])], Ok(&[8])),
                (
                    &args(true),
                    &[f(&[20, 3]), f(&[8]), f(&[8])],
                    Err("GRU goes on from one state, h, but got 2"),
                ),
            ],
        );
    }

    #[test]
    fn a_reset_after_the_product_has_a_bias_for_each() {
        let weights = |after| weights(&Config::new(&args(after)), &[f(&[20, 3])]);
        assert_eq!(ARGS[RESET_AFTER].name, "reset_after");
        assert_eq!(weights(true).get(2), Shape::new(&[2, 24]));
        assert_eq!(weights(false).get(2), Shape::new(&[24]));
        // Keras's `GRU(8).count_params()` for 3 features.
        assert_eq!(weights(true).size(), 312);
    }
}
