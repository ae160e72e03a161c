//! `AdditiveAttention()`: attention whose weights come from the sum of query and key.
//! <https://keras.io/api/layers/attention_layers/additive_attention/>

use super::attention::mixed;
use crate::attention::dropout;
use crate::catalogue::{Arg, ArgKind, Entry, Form, Inputs};
use crate::{ArgValue, Config, Shape, ShapeError, Value, Values, Weights};

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    name: "AdditiveAttention",
    snake: "additive_attention",
    module: "layers::additive_attention",
    form: Form::Layer,
    inputs: Inputs::AtLeast(2),
    args: &[
        Arg::new("use_scale", ArgKind::Bool, ArgValue::Bool(true)),
        Arg::new("dropout", ArgKind::Float, ArgValue::Float(0.0)).check(check_dropout),
        Arg::new("seed", ArgKind::Seed, ArgValue::Unset),
    ],
    rule,
    weights,
};

const USE_SCALE: usize = 0;

fn check_dropout(value: ArgValue) -> Result<(), ShapeError> {
    dropout("AdditiveAttention", value)
}

/// A query `(t, n)`, values `(s, m)` and keys `(s, n)` become `(t, m)`.
pub const fn rule(_config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    mixed("AdditiveAttention", inputs)
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
    fn each_feature_has_a_weight() {
        let size = |scale| weights(&Config::new(&[ArgValue::Bool(scale)]), &[f(&[4, 7])]).size();
        assert_eq!((size(true), size(false)), (7, 0));
    }
}
