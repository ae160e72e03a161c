//! `ActivityRegularization(l1 = 0.0, l2 = 0.0)`: the input, and a penalty on it.
//! <https://keras.io/api/layers/regularization_layers/activity_regularization/>

pub use crate::no_weights as weights;

use crate::catalogue::{Arg, ArgKind, Entry, Form, Inputs};
use crate::rules::{attempt, not_negative, one_float};
use crate::{ArgValue, Config, ShapeError, Value, Values};

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    name: "ActivityRegularization",
    snake: "activity_regularization",
    module: "layers::activity_regularization",
    form: Form::Layer,
    inputs: Inputs::Exactly(1),
    args: &[
        Arg::new("l1", ArgKind::Float, ArgValue::Float(0.0)).check(check_l1),
        Arg::new("l2", ArgKind::Float, ArgValue::Float(0.0)).check(check_l2),
    ],
    rule,
    weights,
    ..Entry::LAYER
};

fn check_l1(value: ArgValue) -> Result<(), ShapeError> {
    not_negative("ActivityRegularization", "l1", value)
}

fn check_l2(value: ArgValue) -> Result<(), ShapeError> {
    not_negative("ActivityRegularization", "l2", value)
}

/// The shape stays.
pub const fn rule(_config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    Ok(Values::one(attempt!(one_float("ActivityRegularization", inputs))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{check, f};

    #[test]
    fn the_shape_stays() {
        check(
            rule,
            &[
                (&[], &[f(&[3, 4])], Ok(&[3, 4])),
                (&[], &[f(&[])], Ok(&[])),
                (
                    &[],
                    &[Value::index(&[3])],
                    Err("ActivityRegularization computes with numbers, but the input is an index \
                         (dtype = int32)"),
                ),
            ],
        );
    }
}
