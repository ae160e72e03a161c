//! `LSTM(units)`: a long short-term memory over a sequence.
//! <https://keras.io/api/layers/recurrent_layers/lstm/>

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
    name: "LSTM",
    snake: "lstm",
    module: "layers::lstm",
    inputs: Inputs::Between { least: 1, most: 3, names: &["inputs", "initial_state"] },
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
    yes("unit_forget_bias"),
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
    ZERO_OUTPUT_FOR_MASK,
];

const KIND: Kind = Kind { layer: "LSTM", args: ARGS, gates: 4, states: 2, sequence: true };

fn outputs(config: &Config<'_>) -> usize {
    KIND.outputs(config)
}

/// `(steps, n)` becomes `(units)`, or `(steps, units)` with `return_sequences`, and the states
/// follow with `return_state`.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    KIND.rule(config, inputs)
}

/// A kernel `(n, 4 · units)`, a recurrent kernel `(units, 4 · units)`, and a bias `(4 · units)`.
pub const fn weights(config: &Config<'_>, inputs: &[Value]) -> Weights {
    KIND.weights(config, inputs, 1)
}

#[cfg(test)]
mod tests {
    use ArgValue::{Bool, Int, Word};

    use super::*;
    use crate::testing::{check, f};
    use crate::{ArgValue, Shape};

    /// The defaults, with other values for some arguments.
    fn with(others: &[(&str, ArgValue)]) -> Vec<ArgValue> {
        let value = |arg: &Arg| {
            let other = others.iter().find(|(name, _)| *name == arg.name);
            other.map(|(_, value)| *value).or(arg.default).unwrap_or(Int(8))
        };
        ARGS.iter().map(value).collect()
    }

    #[test]
    fn a_sequence_becomes_the_last_output_or_all() {
        let all = with(&[("return_sequences", Bool(true))]);
        check(
            rule,
            &[
                (&with(&[]), &[f(&[20, 3])], Ok(&[8])),
                (&with(&[]), &[f(&[Shape::ANY, 3])], Ok(&[8])),
                (&with(&[]), &[f(&[20, 3]), f(&[8]), f(&[8])], Ok(&[8])),
                (&all, &[f(&[Shape::ANY, 3])], Ok(&[Shape::ANY, 8])),
                (
                    &with(&[]),
                    &[f(&[3])],
                    Err("LSTM takes a sequence (steps, features), but the input is (3)"),
                ),
                (
                    &with(&[]),
                    &[f(&[4, Shape::ANY])],
                    Err("LSTM needs to know the number of features, and it is `_` in (4, _)"),
                ),
                (
                    &with(&[]),
                    &[f(&[20, 3]), f(&[8])],
                    Err("LSTM goes on from two states, h and c, but got 1"),
                ),
                (
                    &with(&[]),
                    &[f(&[20, 3]), f(&[8]), f(&[7])],
                    Err("LSTM goes on from states (8), but got one of (7)"),
                ),
                (
                    &with(&[]),
                    &[Value::index(&[20, 3])],
                    Err("LSTM computes with numbers, but the input is an index (dtype = int32)"),
                ),
                (
                    &with(&[("recurrent_activation", Word("softmax"))]),
                    &[f(&[20, 3])],
                    Err("LSTM: recurrent_activation must work on each number alone, and softmax \
                         does not"),
                ),
                (
                    &with(&[("units", Int(0))]),
                    &[f(&[20, 3])],
                    Err("LSTM: units must be a positive whole number, but is 0"),
                ),
            ],
        );
    }

    #[test]
    fn states_follow_and_a_mask_stays_with_the_sequence() {
        let args = with(&[("return_state", Bool(true)), ("return_sequences", Bool(true))]);
        let input = f(&[20, 3]).masked();
        let values = rule(&Config::new(&args), &[input]).unwrap();
        assert_eq!(values.as_slice(), [f(&[20, 8]).masked(), f(&[8]), f(&[8])]);
        let values = rule(&Config::new(&with(&[])), &[input]).unwrap();
        assert_eq!(values.as_slice(), [f(&[8])]);
    }

    #[test]
    fn helps_say_what_to_type() {
        let help = |input: Value| {
            rule(&Config::new(&with(&[])), &[input]).unwrap_err().help_text().to_owned()
        };
        assert_eq!(
            help(f(&[10])),
            "a recurrent layer before it needs return_sequences = true; one number for each step \
             is Input(10, 1) or Reshape(10, 1), one vector for all steps RepeatVector(n)"
        );
        assert_eq!(
            help(f(&[Shape::ANY])),
            "a recurrent layer before it needs return_sequences = true; one number for each step \
             is Input(_, 1), one vector for all steps RepeatVector(n)"
        );
        assert_eq!(
            help(f(&[28, 28, 3])),
            "make one axis of the features: Reshape(28, 84) before it"
        );
        assert_eq!(help(f(&[])), "give it 2 axes, as Input(100, 8) has");
        let index = help(Value::index(&[10]));
        assert_eq!(index, "put an Embedding before it: Embedding(1000, 32)(x)");
    }

    #[test]
    fn there_are_four_gates() {
        // Keras's `LSTM(64).count_params()` for 32 features.
        let args = with(&[("units", Int(64))]);
        assert_eq!(weights(&Config::new(&args), &[f(&[10, 32])]).size(), 24_832);
        let args = with(&[("units", Int(64)), ("use_bias", Bool(false))]);
        assert_eq!(weights(&Config::new(&args), &[f(&[10, 32])]).size(), 24_576);
    }

    #[test]
    fn a_rate_outside_of_zero_to_one_is_refused() {
        let arg = |name| ARGS.iter().find(|arg| arg.name == name).and_then(|arg| arg.check);
        let error = arg("recurrent_dropout").unwrap()(ArgValue::Float(1.0)).unwrap_err();
        assert_eq!(error.sentence(), "recurrent_dropout must lie in [0, 1), but is 1");
        assert!(arg("dropout").unwrap()(ArgValue::Float(f64::NAN)).is_err());
        assert!(arg("dropout").unwrap()(ArgValue::Int(0)).is_ok());
    }
}
