//! `PositionEmbedding(sequence_length)`: a vector for each position of a sequence, learned.
//! <https://keras.io/keras_hub/api/modeling_layers/position_embedding/>

use crate::catalogue::{Arg, ArgKind, Entry};
use crate::rules::{attempt, one_float, size};
use crate::words::{INITIALIZER, REGULARIZER};
use crate::{ArgValue, Config, Shape, ShapeError, Text, Value, Values, Weights};

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    name: "PositionEmbedding",
    snake: "position_embedding",
    module: "layers::position_embedding",
    args: &[
        Arg::required("sequence_length", ArgKind::Size),
        Arg::new("initializer", ArgKind::Word(&INITIALIZER), ArgValue::Word("glorot_uniform")),
        Arg::new("regularizer", ArgKind::Word(&REGULARIZER), ArgValue::Unset),
    ],
    rule,
    weights,
    ..Entry::LAYER
};

const SEQUENCE_LENGTH: usize = 0;

/// `(t, n)` stays, with at most `sequence_length` positions `t`.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    let input = attempt!(one_float("PositionEmbedding", inputs));
    if input.is_poison() {
        return Ok(Values::POISON);
    }
    let shape = input.shape;
    if shape.rank() != 2 {
        return Err(ShapeError::of(
            Text::new("PositionEmbedding takes a sequence, (positions, features), but got ")
                .shape(&shape),
        )
        .help("put it after the Embedding: x + PositionEmbedding(64)(x)"));
    }
    if shape.last() == Shape::ANY {
        return Err(ShapeError::of(
            Text::new(
                "PositionEmbedding needs to know the size of the last axis, and it is `_` in ",
            )
            .shape(&shape),
        )
        .help("write a number for the last axis of the Input"));
    }
    let length = attempt!(size("PositionEmbedding", "sequence_length", config, SEQUENCE_LENGTH));
    if shape.dim(0) != Shape::ANY && shape.dim(0) > length {
        return Err(ShapeError::of(
            Text::new("PositionEmbedding has a vector for ")
                .int(length as i64)
                .str(" positions, but the input has ")
                .dim(shape.dim(0))
                .str(" in ")
                .shape(&shape),
        )
        .help_of(
            Text::new("make it as long as the longest sequence: PositionEmbedding(")
                .dim(shape.dim(0))
                .str(")"),
        ));
    }
    Ok(Values::one(input))
}

/// The vectors, `position_embeddings` `(sequence_length, n)`.
pub const fn weights(config: &Config<'_>, inputs: &[Value]) -> Weights {
    let features = if inputs.is_empty() { 0 } else { inputs[0].shape.last() };
    let length = config.int(SEQUENCE_LENGTH) as usize;
    Weights::NONE.and("position_embeddings", Shape::new(&[length, features]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{check, f};

    #[test]
    fn a_sequence_is_at_most_as_long_as_the_table() {
        let eight = [ArgValue::Int(8)];
        check(
            rule,
            &[
                (&eight, &[f(&[8, 3])], Ok(&[8, 3])),
                (&eight, &[f(&[5, 3])], Ok(&[5, 3])),
                (&eight, &[f(&[Shape::ANY, 3])], Ok(&[Shape::ANY, 3])),
                (
                    &eight,
                    &[f(&[9, 3])],
                    Err("PositionEmbedding has a vector for 8 positions, but the input has 9 in \
                         (9, 3)"),
                ),
                (
                    &eight,
                    &[f(&[9])],
                    Err("PositionEmbedding takes a sequence, (positions, features), but got (9)"),
                ),
                (
                    &eight,
                    &[f(&[9, Shape::ANY])],
                    Err(
                        "PositionEmbedding needs to know the size of the last axis, and it is `_` \
                         in (9, _)",
                    ),
                ),
                (
                    &[ArgValue::Int(0)],
                    &[f(&[9, 3])],
                    Err("PositionEmbedding: sequence_length must be a positive whole number, but \
                         is 0"),
                ),
            ],
        );
        assert_eq!(weights(&Config::new(&eight), &[f(&[5, 3])]).size(), 24);
    }
}
