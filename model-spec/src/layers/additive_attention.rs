//! `AdditiveAttention()`: attention whose weights come from the sum of query and key.
//! <https://keras.io/api/layers/attention_layers/additive_attention/>

use super::attention::mixed;
use crate::attention::{INPUTS, RETURN_SCORES, USE_CAUSAL_MASK, dropout};
use crate::catalogue::{Arg, ArgKind, Entry, Outputs};
use crate::{ArgValue, Config, Shape, ShapeError, Value, Values, Weights};

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    name: "AdditiveAttention",
    snake: "additive_attention",
    module: "layers::additive_attention",
    inputs: INPUTS,
    outputs: Outputs::Several(count),
    uses_mask: true,
    args: &[
        Arg::new("use_scale", ArgKind::Bool, ArgValue::Bool(true)),
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

const RETURN_SCORES_AT: usize = 3;

fn count(config: &Config<'_>) -> usize {
    1 + usize::from(config.bool(RETURN_SCORES_AT))
}

fn check_dropout(value: ArgValue) -> Result<(), ShapeError> {
    dropout("AdditiveAttention", value)
}

/// A query `(t, n)`, values `(s, m)` and keys `(s, n)` become `(t, m)`; the scores are
/// `(t, s)`.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    mixed("AdditiveAttention", inputs, config, RETURN_SCORES_AT)
}

/// With `use_scale` a weight of each feature, `scale` `(n)`.
pub const fn weights(config: &Config<'_>, inputs: &[Value]) -> Weights {
    if !config.bool(USE_SCALE) {
        return Weights::NONE;
    }
    let features = if inputs.is_empty() { 0 } else { inputs[0].shape.last() };
    Weights::NONE.and("scale", Shape::new(&[features]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{check, f};

    #[test]
    fn features_must_be_as_many() {
        check(
            rule,
            &[
                (&[], &[f(&[4, 7]), f(&[5, 3]), f(&[5, 7])], Ok(&[4, 3])),
                (
                    &[],
                    &[f(&[4, 7]), f(&[5, 3])],
                    Err("AdditiveAttention compares the query with the value feature by feature, \
                         but the query has 7 features in (4, 7), the value has 3 in (5, 3)"),
                ),
            ],
        );
    }

    #[test]
    fn scores_come_out_where_the_call_asks_for_them() {
        let args = [ArgValue::Bool(true); 5];
        assert_eq!(ENTRY.args[RETURN_SCORES_AT].name, "return_attention_scores");
        let values = rule(&Config::new(&args), &[f(&[4, 7]), f(&[5, 7])]).unwrap();
        assert_eq!(values.as_slice(), [f(&[4, 7]), f(&[4, 5])]);
    }

    #[test]
    fn each_feature_has_a_weight() {
        let size = |scale| weights(&Config::new(&[ArgValue::Bool(scale)]), &[f(&[4, 7])]).size();
        assert_eq!((size(true), size(false)), (7, 0));
    }
}
