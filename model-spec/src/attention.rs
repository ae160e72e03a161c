//! What the layers of attention share: their inputs, a query, the values and perhaps keys.

use crate::catalogue::{Arg, ArgKind, Inputs, StandIn};
use crate::rules::attempt;
use crate::{ArgValue, Config, Shape, ShapeError, Text, Value, Values, require_float};

/// What the inputs are called, in their order.
const ROLES: [&str; 3] = ["query", "value", "key"];

/// The inputs of a layer that can also be told which key each position of the query sees.
pub(crate) const MASKED_INPUTS: Inputs =
    Inputs::Between { least: 2, most: 4, names: &["query", "value", "key", "attention_mask"] };

/// Where a mask is given, but no keys, the values are the keys.
pub(crate) const KEY_IS_VALUE: &[StandIn] = &[StandIn { missing: KEY, by: VALUE }];

/// The inputs; without keys of their own, the values are the keys as well.
pub(crate) const INPUTS: Inputs = Inputs::Between { least: 2, most: 3, names: &ROLES };

/// Whether the weights of the mean come out as well: an argument of the call.
pub(crate) const RETURN_SCORES: Arg =
    Arg::new("return_attention_scores", ArgKind::Bool, ArgValue::Bool(false)).at_call();

/// Whether a position sees only itself and those before it: an argument of the call.
pub(crate) const USE_CAUSAL_MASK: Arg =
    Arg::new("use_causal_mask", ArgKind::Bool, ArgValue::Bool(false)).at_call();

/// The places of the inputs.
const QUERY: usize = 0;
const VALUE: usize = 1;
const KEY: usize = 2;
/// The place of a mask.
pub(crate) const MASK: usize = 3;

/// Where the keys are: the values are the keys as well, if there are no others.
const fn key_of(inputs: &[Value]) -> usize {
    if inputs.len() > KEY { KEY } else { VALUE }
}

/// Refuses what is not two or three sequences of numbers. May let poison through.
pub(crate) const fn sequences(layer: &str, inputs: &[Value]) -> Result<(), ShapeError> {
    if inputs.len() < 2 || inputs.len() > 3 {
        return Err(ShapeError::of(
            Text::new(layer)
                .str(" takes a query, a value and, if it is another, a key, but got ")
                .int(inputs.len() as i64)
                .str(if inputs.len() == 1 { " input" } else { " inputs" }),
        )
        .help("a sequence that attends to itself stands twice: [x, x]"));
    }
    let mut i = 0;
    while i < inputs.len() {
        let input = &inputs[i];
        if !input.is_poison() {
            attempt!(require_float(layer, input));
            attempt!(sequence(layer, ROLES[i], &input.shape));
        }
        i += 1;
    }
    Ok(())
}

const fn sequence(layer: &str, role: &str, shape: &Shape) -> Result<(), ShapeError> {
    if shape.rank() != 2 {
        return Err(ShapeError::of(
            Text::new(layer)
                .str(" takes sequences, (positions, features), but the ")
                .str(role)
                .str(" is ")
                .shape(shape),
        )
        .help(if shape.rank() < 2 {
            "give every position a vector, for example with Reshape((positions, features))"
        } else {
            "put the axes of the positions together with Reshape((positions, features))"
        }));
    }
    if shape.last() == Shape::ANY {
        return Err(ShapeError::of(
            Text::new(layer)
                .str(" needs to know the size of the last axis, and it is `_` in the ")
                .str(role)
                .str(", ")
                .shape(shape),
        )
        .help("write a number for the last axis of the Input"));
    }
    Ok(())
}

/// Refuses keys that are not as many as the values. The inputs are sequences.
pub(crate) const fn lengths(layer: &str, inputs: &[Value]) -> Result<(), ShapeError> {
    let (value, key) = (&inputs[VALUE].shape, &inputs[key_of(inputs)].shape);
    if crate::dims_fit(value.dim(0), key.dim(0)) {
        return Ok(());
    }
    Err(ShapeError::of(
        Text::new(layer)
            .str(" needs a key for each value, but the value has ")
            .dim(value.dim(0))
            .str(" positions in ")
            .shape(value)
            .str(", the key has ")
            .dim(key.dim(0))
            .str(" in ")
            .shape(key),
    )
    .help("take value and key from the same sequence; the order is query, value, key"))
}

/// Refuses a query and keys that have not as many features. The inputs are sequences.
pub(crate) const fn features(layer: &str, inputs: &[Value]) -> Result<(), ShapeError> {
    let at = key_of(inputs);
    let (query, key) = (&inputs[QUERY].shape, &inputs[at].shape);
    if query.last() == key.last() {
        return Ok(());
    }
    Err(ShapeError::of(
        Text::new(layer)
            .str(" compares the query with the ")
            .str(ROLES[at])
            .str(" feature by feature, but the query has ")
            .dim(query.last())
            .str(" features in ")
            .shape(query)
            .str(", the ")
            .str(ROLES[at])
            .str(" has ")
            .dim(key.last())
            .str(" in ")
            .shape(key),
    )
    .help("make them as many, for example with a Dense; MultiHeadAttention has one inside"))
}

/// Refuses a mask that is not `(t, s)`, for `t` positions of the query and `s` of the value, where
/// either may be 1. The other inputs are sequences.
pub(crate) const fn mask_fits(layer: &str, inputs: &[Value]) -> Result<(), ShapeError> {
    let mask = &inputs[MASK].shape;
    let (query, value) = (inputs[QUERY].shape.dim(0), inputs[VALUE].shape.dim(0));
    if mask.rank() == 2
        && (mask.dim(0) == 1 || crate::dims_fit(mask.dim(0), query))
        && (mask.dim(1) == 1 || crate::dims_fit(mask.dim(1), value))
    {
        return Ok(());
    }
    Err(ShapeError::of(
        Text::new(layer)
            .str(" takes a mask (positions of the query, positions of the value), here ")
            .shape(&Shape::new(&[query, value]))
            .str(", but attention_mask is ")
            .shape(mask),
    )
    .help("it is 1 where a position of the query sees one of the value, and 0 elsewhere"))
}

/// What comes out, and the scores if `return_scores`, the argument at this index, is true: for each
/// position of the query one of each key, after these axes.
pub(crate) const fn with_scores(
    output: Value,
    inputs: &[Value],
    before: Shape,
    config: &Config<'_>,
    return_scores: usize,
) -> Values {
    if !config.bool(return_scores) {
        return Values::one(output);
    }
    let (value, key) = (inputs[VALUE].shape.dim(0), inputs[key_of(inputs)].shape.dim(0));
    let keys = if value == Shape::ANY { key } else { value };
    let scores = Value::new(before.push(inputs[QUERY].shape.dim(0)).push(keys));
    Values::new(&[output, scores])
}

/// Refuses a share of the scores to drop that is not in [0, 1).
pub(crate) fn dropout(layer: &str, value: ArgValue) -> Result<(), ShapeError> {
    let Some(rate) = value.number() else { return Ok(()) };
    if (0.0..1.0).contains(&rate) {
        return Ok(());
    }
    Err(ShapeError::of(
        Text::new(layer).str(": dropout must lie in [0, 1), but is ").str(&rate.to_string()),
    )
    .help("it is the share of the scores that is dropped: dropout = 0.1"))
}
