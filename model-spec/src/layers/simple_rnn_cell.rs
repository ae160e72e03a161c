//! `SimpleRNNCell(units)`: one step of a SimpleRNN.
//! <https://keras.io/api/layers/recurrent_layers/simple_rnn_cell/>

use crate::catalogue::{Arg, Entry, Inputs, Outputs};
use crate::recurrent::{
    ACTIVATION_ARG, BIAS_CONSTRAINT, BIAS_INITIALIZER, BIAS_REGULARIZER, DROPOUT,
    KERNEL_CONSTRAINT, KERNEL_INITIALIZER, KERNEL_REGULARIZER, Kind, RECURRENT_CONSTRAINT,
    RECURRENT_DROPOUT, RECURRENT_INITIALIZER, RECURRENT_REGULARIZER, SEED, UNITS, USE_BIAS,
};
use crate::{Config, ShapeError, Value, Values, Weights};

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    name: "SimpleRNNCell",
    snake: "simple_rnn_cell",
    module: "layers::simple_rnn_cell",
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
    SEED,
];

const KIND: Kind =
    Kind { layer: "SimpleRNNCell", args: ARGS, gates: 1, states: 1, sequence: false };

fn outputs(config: &Config<'_>) -> usize {
    KIND.outputs(config)
}

/// `(n)` becomes `(units)`, and the states follow.
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
    use crate::testing::f;

    #[test]
    fn a_step_becomes_the_output_and_the_state() {
        let args: Vec<ArgValue> =
            ARGS.iter().map(|arg| arg.default.unwrap_or(ArgValue::Int(8))).collect();
        let values = rule(&Config::new(&args), &[f(&[3]), f(&[8])]).unwrap();
        assert_eq!(values.as_slice(), [f(&[8]), f(&[8])]);
        assert_eq!(weights(&Config::new(&args), &[f(&[3])]).size(), 96);
    }
}
