//! `RNN(LSTMCell(64))`: a cell over a sequence.
//! <https://keras.io/api/layers/recurrent_layers/rnn/>

pub use crate::no_weights as weights;

use crate::catalogue::{Arg, ArgKind, Entry, Inputs, Outputs, Wraps};
use crate::recurrent::{GO_BACKWARDS, RETURN_SEQUENCES, RETURN_STATE, ZERO_OUTPUT_FOR_MASK};
use crate::rules::{any_poison, attempt, count, push, result};
use crate::{Config, MAX_VALUES, Shape, ShapeError, Text, Value, Values};

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    name: "RNN",
    snake: "rnn",
    module: "layers::rnn",
    inputs: Inputs::Between { least: 1, most: MAX_VALUES - 1, names: &["inputs", "initial_state"] },
    outputs: Outputs::Several(one_output),
    uses_mask: true,
    args: &[
        Arg::required("cell", ArgKind::Layer),
        RETURN_SEQUENCES,
        RETURN_STATE,
        GO_BACKWARDS,
        ZERO_OUTPUT_FOR_MASK,
    ],
    rule,
    weights,
    wraps: Some(&Wraps {
        layers: &["LSTMCell", "GRUCell", "SimpleRNNCell"],
        refused: None,
        check: None,
        copies: 1,
        inner_inputs,
        outputs,
        weights: None,
        rule: outer,
    }),
    ..Entry::LAYER
};

const SEQUENCES: usize = 1;
const STATE: usize = 2;

fn one_output(_config: &Config<'_>) -> usize {
    1
}

/// One step, and the states.
fn inner_inputs(inputs: usize) -> usize {
    inputs
}

fn outputs(config: &Config<'_>, inner: usize) -> usize {
    if config.bool(STATE) { inner } else { 1 }
}

/// What the cell is called on: one step, `(steps, …)` without the steps, and the states.
pub const fn rule(_config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    if any_poison(inputs) {
        return Ok(Values::POISON);
    }
    attempt!(count("RNN", inputs, 1, MAX_VALUES - 1));
    let mut all = [Value::POISON; MAX_VALUES];
    let mut i = 0;
    while i < inputs.len() {
        all[i] = inputs[i];
        all[i].mask = false;
        i += 1;
    }
    let shape = inputs[0].shape;
    if shape.rank() == 0 {
        return Err(ShapeError::of(
            Text::new("RNN takes a sequence (steps, …), but the input is ").shape(&shape),
        )
        .help("call the cell itself where there are no steps"));
    }
    all[0].shape = shape.without_first();
    Ok(Values::new(all.split_at(inputs.len()).0))
}

/// The output of each step or the last, and the states if they are asked for.
pub const fn outer(
    config: &Config<'_>,
    inputs: &[Value],
    inner: &[Value],
) -> Result<Values, ShapeError> {
    if inputs.is_empty() || any_poison(inputs) || inner.is_empty() || any_poison(inner) {
        return Ok(Values::POISON);
    }
    let mut all = [Value::POISON; MAX_VALUES];
    let mut i = 0;
    while i < inner.len() && i < MAX_VALUES {
        all[i] = inner[i];
        i += 1;
    }
    if config.bool(SEQUENCES) {
        let mut shape = Shape::SCALAR.push(inputs[0].shape.dim(0));
        let mut axis = 0;
        while axis < inner[0].shape.rank() {
            shape = attempt!(push("RNN", &shape, inner[0].shape.dim(axis)));
            axis += 1;
        }
        all[0] = attempt!(result("RNN", inner[0].with_shape(shape))).get(0);
        all[0].mask = inputs[0].mask;
    }
    Ok(Values::new(all.split_at(if config.bool(STATE) { i } else { 1 }).0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ArgValue::{Bool, Rust};
    use crate::testing::f;

    #[test]
    fn the_cell_sees_one_step() {
        let none = Config::new(&[]);
        let values = rule(&none, &[f(&[7, 4]).masked(), f(&[3])]).unwrap();
        assert_eq!(values.as_slice(), [f(&[4]), f(&[3])]);
        let error = rule(&none, &[f(&[])]).unwrap_err();
        assert_eq!(error.sentence(), "RNN takes a sequence (steps, …), but the input is ()");
    }

    #[test]
    fn outputs_of_all_steps_and_states_are_asked_for() {
        let of = |sequences, state| {
            let config = [Rust, Bool(sequences), Bool(state)];
            let inner = [f(&[3]), f(&[3]), f(&[2])];
            outer(&Config::new(&config), &[f(&[7, 4]).masked()], &inner).unwrap()
        };
        assert_eq!(of(false, false).as_slice(), [f(&[3])]);
        assert_eq!(of(true, false).as_slice(), [f(&[7, 3]).masked()]);
        assert_eq!(of(true, true).as_slice(), [f(&[7, 3]).masked(), f(&[3]), f(&[2])]);
    }
}
