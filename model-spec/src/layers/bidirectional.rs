//! `Bidirectional(LSTM(64))`: a recurrent layer that goes over a sequence both ways.
//! <https://keras.io/api/layers/recurrent_layers/bidirectional/>

pub use crate::no_weights as weights;

use crate::catalogue::{Arg, ArgKind, Entry, Inputs, Outputs, Wraps};
use crate::recurrent::GO_BACKWARDS;
use crate::rules::{any_poison, attempt, count, result};
use crate::words::MERGE_MODE;
use crate::{ArgValue, Config, Shape, ShapeError, Text, Value, Values, str_eq};

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    name: "Bidirectional",
    snake: "bidirectional",
    module: "layers::bidirectional",
    inputs: Inputs::Between { least: 1, most: 5, names: &["inputs", "initial_state"] },
    outputs: Outputs::Several(one_output),
    uses_mask: true,
    args: &[
        Arg::required("layer", ArgKind::Layer),
        Arg::new("merge_mode", ArgKind::Word(&MERGE_MODE), ArgValue::Word("concat")),
    ],
    rule,
    weights,
    wraps: Some(&Wraps {
        layers: &["LSTM", "GRU", "SimpleRNN"],
        refused: None,
        check: Some(goes_forward),
        copies: 2,
        inner_inputs,
        outputs,
        weights: None,
        rule: outer,
    }),
    ..Entry::LAYER
};

const MERGE: usize = 1;

fn one_output(_config: &Config<'_>) -> usize {
    1
}

/// Refuses a layer inside that goes backwards by itself.
fn goes_forward(inner: &Entry, config: &Config<'_>) -> Result<(), ShapeError> {
    match inner.args.iter().position(|arg| arg.name == GO_BACKWARDS.name) {
        Some(index) if config.bool(index) => Err(goes_backwards()),
        _ => Ok(()),
    }
}

/// The error of a layer inside that goes backwards by itself.
pub fn goes_backwards() -> ShapeError {
    ShapeError::new(
        "Bidirectional goes both ways by itself, but the layer inside says `go_backwards = true`",
    )
    .help("leave go_backwards out of the layer inside")
}

/// The sequence and half of the states.
fn inner_inputs(inputs: usize) -> usize {
    inputs - inputs.saturating_sub(1) / 2
}

/// One output, or one of each way, and the states of both.
fn outputs(config: &Config<'_>, inner: usize) -> usize {
    let merged = if is_merged(config) { 1 } else { 2 };
    merged + 2 * inner.saturating_sub(1)
}

const fn is_merged(config: &Config<'_>) -> bool {
    !str_eq(config.word(MERGE), "none")
}

/// What the layer that goes forward is called on: the sequence, and the first half of the states.
pub const fn rule(_config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    if any_poison(inputs) {
        return Ok(Values::POISON);
    }
    attempt!(count("Bidirectional", inputs, 1, 5));
    let states = inputs.len() - 1;
    if !states.is_multiple_of(2) {
        return Err(ShapeError::of(
            Text::new("Bidirectional goes on from the states of both ways, but got ")
                .int(states as i64),
        )
        .help("write initial_state = [forward, backward], each with as many as the layer has"));
    }
    let mut i = 1;
    while i <= states / 2 {
        let (a, b) = (&inputs[i].shape, &inputs[i + states / 2].shape);
        if !a.fits(b) {
            return Err(ShapeError::of(
                Text::new("Bidirectional: both ways go on from states of one shape, but got ")
                    .shape(a)
                    .str(" and ")
                    .shape(b),
            )
            .help("the first half of the states is for the way forward, in the layer's order"));
        }
        i += 1;
    }
    Ok(Values::new(inputs.split_at(1 + states / 2).0))
}

/// Both outputs together, as `merge_mode` says, or one after the other; then the states of the way
/// forward, and those of the way back.
pub const fn outer(
    config: &Config<'_>,
    inputs: &[Value],
    inner: &[Value],
) -> Result<Values, ShapeError> {
    if any_poison(inputs) || inner.is_empty() || any_poison(inner) {
        return Ok(Values::POISON);
    }
    let mut all = [Value::POISON; 8];
    let mut len = 0;
    let output = inner[0];
    let last = output.shape.rank().saturating_sub(1);
    if !is_merged(config) {
        all[0] = output;
        all[1] = output;
        len = 2;
    } else {
        let width = output.shape.last();
        let joined = str_eq(config.word(MERGE), "concat") && width != Shape::ANY;
        let width = if joined { width.saturating_mul(2) } else { width };
        let merged =
            attempt!(result("Bidirectional", output.with_shape(output.shape.with(last, width))));
        all[len] = merged.get(0);
        len += 1;
    }
    let mut i = 0;
    while i < 2 * (inner.len() - 1) && len < all.len() {
        all[len] = inner[1 + i % (inner.len() - 1)];
        len += 1;
        i += 1;
    }
    Ok(Values::new(all.split_at(len).0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{check, f};

    #[test]
    fn the_way_forward_gets_the_first_half_of_the_states() {
        let sequence = f(&[9, 3]).masked();
        let values = rule(&Config::new(&[]), &[sequence, f(&[8]), f(&[8])]).unwrap();
        assert_eq!(values.as_slice(), [sequence, f(&[8])]);
        for inputs in [1, 3, 5] {
            assert_eq!(inner_inputs(inputs), 1 + (inputs - 1) / 2);
        }
        check(
            rule,
            &[
                (
                    &[],
                    &[f(&[9, 3]), f(&[8])],
                    Err("Bidirectional goes on from the states of both ways, but got 1"),
                ),
                (
                    &[],
                    &[f(&[9, 3]), f(&[8]), f(&[7])],
                    Err(
                        "Bidirectional: both ways go on from states of one shape, but got (8) and \
                         (7)",
                    ),
                ),
            ],
        );
    }

    #[test]
    fn outputs_are_merged_and_states_follow() {
        let merged = |mode, inner: &[Value]| {
            let config = [ArgValue::Rust, ArgValue::Word(mode)];
            let config = Config::new(&config);
            let values = outer(&config, &[f(&[9, 3])], inner).unwrap();
            assert_eq!(values.len(), outputs(&config, inner.len()));
            values.as_slice().to_vec()
        };
        let all = f(&[9, 8]).masked();
        assert_eq!(merged("concat", &[all]), [f(&[9, 16]).masked()]);
        assert_eq!(merged("sum", &[f(&[8])]), [f(&[8])]);
        assert_eq!(merged("none", &[all]), [all, all]);
        let (h, c) = (f(&[8]), f(&[7]));
        assert_eq!(merged("concat", &[h, h, c]), [f(&[16]), h, c, h, c]);
        assert_eq!(merged("none", &[h, h, c]), [h, h, h, c, h, c]);
    }
}
