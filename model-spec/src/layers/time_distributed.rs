//! `TimeDistributed(Dense(10))`: a layer at each position of a sequence, with the same weights.
//! <https://keras.io/api/layers/recurrent_layers/time_distributed/>

pub use crate::no_weights as weights;

use crate::catalogue::{Arg, ArgKind, Entry, Inputs, Wraps};
use crate::rules::{any_poison, attempt, one, push, result};
use crate::{Config, Shape, ShapeError, Text, Value, Values};

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    name: "TimeDistributed",
    snake: "time_distributed",
    module: "layers::time_distributed",
    inputs: Inputs::Exactly(1),
    args: &[Arg::required("layer", ArgKind::Layer)],
    rule,
    weights,
    wraps: Some(&Wraps {
        layers: &[],
        refused: None,
        check: None,
        copies: 1,
        inner_inputs: one_input,
        outputs: one_output,
        weights: None,
        rule: outer,
    }),
    ..Entry::LAYER
};

fn one_input(_inputs: usize) -> usize {
    1
}

fn one_output(_config: &Config<'_>, _inner: usize) -> usize {
    1
}

/// What the layer inside is called on: one position, `(steps, …)` without the steps.
pub const fn rule(_config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    let mut value = attempt!(one("TimeDistributed", inputs));
    if value.is_poison() {
        return Ok(Values::POISON);
    }
    if value.shape.rank() == 0 {
        return Err(ShapeError::of(
            Text::new("TimeDistributed takes a sequence (steps, …), but the input is ")
                .shape(&value.shape),
        )
        .help("call the layer itself where there are no steps"));
    }
    value.mask = false;
    Ok(Values::one(value.with_shape(value.shape.without_first())))
}

/// The steps, and what comes out of the layer inside at each. A mask stays.
pub const fn outer(
    _config: &Config<'_>,
    inputs: &[Value],
    inner: &[Value],
) -> Result<Values, ShapeError> {
    let input = attempt!(one("TimeDistributed", inputs));
    if input.is_poison() || inner.is_empty() || any_poison(inner) {
        return Ok(Values::POISON);
    }
    if inner.len() > 1 {
        return Err(ShapeError::of(
            Text::new("TimeDistributed takes a layer that returns one value, but this returns ")
                .int(inner.len() as i64),
        )
        .help("let a container around it return the one that you need"));
    }
    let mut shape = Shape::SCALAR.push(input.shape.dim(0));
    let mut axis = 0;
    while axis < inner[0].shape.rank() {
        shape = attempt!(push("TimeDistributed", &shape, inner[0].shape.dim(axis)));
        axis += 1;
    }
    result("TimeDistributed", Value { shape, kind: inner[0].kind, mask: input.mask })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{check, f};

    #[test]
    fn the_layer_inside_sees_one_position() {
        check(
            rule,
            &[
                (&[], &[f(&[7, 4, 3])], Ok(&[4, 3])),
                (&[], &[f(&[Shape::ANY])], Ok(&[])),
                (
                    &[],
                    &[f(&[])],
                    Err("TimeDistributed takes a sequence (steps, …), but the input is ()"),
                ),
            ],
        );
    }

    #[test]
    fn the_steps_and_the_mask_stay() {
        let none = Config::new(&[]);
        let values = outer(&none, &[f(&[7, 4]).masked()], &[f(&[2])]);
        assert_eq!(values, Ok(Values::one(f(&[7, 2]).masked())));
        let error = outer(&none, &[f(&[7, 4])], &[f(&[2]), f(&[2])]).unwrap_err();
        assert!(error.sentence().ends_with("but this returns 2"), "{error}");
        assert!(outer(&none, &[f(&[7])], &[f(&[1; 8])]).is_err());
    }
}
