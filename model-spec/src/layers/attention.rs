//! `Attention()`: for each position of a query, a weighted mean of the values at all positions;
//! the weights compare the query with the keys.
//! <https://keras.io/api/layers/attention_layers/attention/>

use crate::attention::{
    INPUTS, RETURN_SCORES, USE_CAUSAL_MASK, dropout, features, lengths, sequences, with_scores,
};
use crate::catalogue::{Arg, ArgKind, Entry, Outputs};
use crate::rules::{any_poison, attempt, result};
use crate::words::SCORE_MODE;
use crate::{ArgValue, Config, Shape, ShapeError, Value, Values, Weights, str_eq};

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    name: "Attention",
    snake: "attention",
    module: "layers::attention",
    inputs: INPUTS,
    outputs: Outputs::Several(count),
    uses_mask: true,
    args: &[
        Arg::new("use_scale", ArgKind::Bool, ArgValue::Bool(false)),
        Arg::new("score_mode", ArgKind::Word(&SCORE_MODE), ArgValue::Word("dot")),
        Arg::new("dropout", ArgKind::Float, ArgValue::Float(0.0)).check(check_dropout),
        Arg::new("seed", ArgKind::Seed, ArgValue::Unset),
        RETURN_SCORES,
        USE_CAUSAL_MASK,
    ],
    rule,
    weights,
    ..Entry::LAYER
};

const USE_SCALE: usize = 0;
const SCORE_MODE_AT: usize = 1;

const RETURN_SCORES_AT: usize = 4;

fn count(config: &Config<'_>) -> usize {
    1 + usize::from(config.bool(RETURN_SCORES_AT))
}

fn check_dropout(value: ArgValue) -> Result<(), ShapeError> {
    dropout("Attention", value)
}

/// A query `(t, n)`, values `(s, m)` and keys `(s, n)` become `(t, m)`; the scores are
/// `(t, s)`.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    mixed("Attention", inputs, config, RETURN_SCORES_AT)
}

/// The rule of [`Attention`](ENTRY) and its kin.
pub(super) const fn mixed(
    layer: &str,
    inputs: &[Value],
    config: &Config<'_>,
    return_scores: usize,
) -> Result<Values, ShapeError> {
    attempt!(sequences(layer, inputs));
    if any_poison(inputs) {
        return Ok(Values::POISON);
    }
    attempt!(lengths(layer, inputs));
    attempt!(features(layer, inputs));
    let query = inputs[0];
    let shape = query.shape.with(1, inputs[1].shape.last());
    let values = attempt!(result(layer, query.with_shape(shape)));
    Ok(with_scores(values.get(0), inputs, Shape::SCALAR, config, return_scores))
}

/// With `use_scale` one number `scale`; in the mode `concat` one number `concat_score_weight`.
pub const fn weights(config: &Config<'_>, _inputs: &[Value]) -> Weights {
    let mut weights = Weights::NONE;
    if config.bool(USE_SCALE) {
        weights = weights.and("scale", Shape::SCALAR);
    }
    if str_eq(config.word(SCORE_MODE_AT), "concat") {
        weights = weights.and("concat_score_weight", Shape::SCALAR);
    }
    weights
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{check, f};

    const ANY: usize = Shape::ANY;

    #[test]
    fn positions_are_the_query_s_features_the_value_s() {
        check(
            rule,
            &[
                (&[], &[f(&[4, 7]), f(&[5, 7])], Ok(&[4, 7])),
                (&[], &[f(&[4, 7]), f(&[5, 3]), f(&[5, 7])], Ok(&[4, 3])),
                (&[], &[f(&[ANY, 7]), f(&[ANY, 3]), f(&[5, 7])], Ok(&[ANY, 3])),
                (
                    &[],
                    &[f(&[4, 7]), f(&[5, 3])],
                    Err("Attention compares the query with the value feature by feature, but the \
                         query has 7 features in (4, 7), the value has 3 in (5, 3)"),
                ),
                (
                    &[],
                    &[f(&[4, 7]), f(&[5, 7]), f(&[5, 6])],
                    Err("Attention compares the query with the key feature by feature, but the \
                         query has 7 features in (4, 7), the key has 6 in (5, 6)"),
                ),
                (
                    &[],
                    &[f(&[4, 7]), f(&[5, 7]), f(&[6, 7])],
                    Err("Attention needs a key for each value, but the value has 5 positions in \
                         (5, 7), the key has 6 in (6, 7)"),
                ),
                (
                    &[],
                    &[f(&[4, 7]); 4],
                    Err(
                        "Attention takes a query, a value and, if it is another, a key, but got 4 \
                         inputs",
                    ),
                ),
            ],
        );
    }

    #[test]
    fn scores_come_out_where_the_call_asks_for_them() {
        let mut args = [ArgValue::Unset; 6];
        args[RETURN_SCORES_AT] = ArgValue::Bool(true);
        assert_eq!(ENTRY.args[RETURN_SCORES_AT].name, "return_attention_scores");
        let query = f(&[4, 7]).masked();
        let values = rule(&Config::new(&args), &[query, f(&[5, 7])]).unwrap();
        assert_eq!(values.as_slice(), [query, f(&[4, 5])]);
    }

    #[test]
    fn the_mode_and_the_scale_have_a_weight_each() {
        let names = |scale: bool, mode: &'static str| -> Vec<&str> {
            let args = [ArgValue::Bool(scale), ArgValue::Word(mode)];
            let weights = weights(&Config::new(&args), &[]);
            weights.as_slice().iter().map(|(name, _)| *name).collect()
        };
        assert_eq!(names(false, "dot"), Vec::<&str>::new());
        assert_eq!(names(true, "concat"), ["scale", "concat_score_weight"]);
    }
}
