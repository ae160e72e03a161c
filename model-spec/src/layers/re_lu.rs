//! `ReLU(max_value, negative_slope = 0.0, threshold = 0.0)`: what is above a threshold, at most
//! `max_value`; the rest times a slope.
//! <https://keras.io/api/layers/activation_layers/relu/>

pub use crate::no_weights as weights;

use crate::catalogue::{Arg, ArgKind, Entry, Form, Inputs};
use crate::rules::{attempt, not_negative, one_float};
use crate::{ArgValue, Config, ShapeError, Value, Values};

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    name: "ReLU",
    snake: "re_lu",
    module: "layers::re_lu",
    form: Form::Layer,
    inputs: Inputs::Exactly(1),
    args: &[
        Arg::new("max_value", ArgKind::Float, ArgValue::Unset).check(check_max_value),
        Arg::new("negative_slope", ArgKind::Float, ArgValue::Float(0.0))
            .check(check_negative_slope),
        Arg::new("threshold", ArgKind::Float, ArgValue::Float(0.0)).check(check_threshold),
    ],
    rule,
    weights,
    ..Entry::LAYER
};

fn check_max_value(value: ArgValue) -> Result<(), ShapeError> {
    not_negative("ReLU", "max_value", value)
}

fn check_negative_slope(value: ArgValue) -> Result<(), ShapeError> {
    not_negative("ReLU", "negative_slope", value)
}

fn check_threshold(value: ArgValue) -> Result<(), ShapeError> {
    not_negative("ReLU", "threshold", value)
}

/// The shape stays.
pub const fn rule(_config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    Ok(Values::one(attempt!(one_float("ReLU", inputs))))
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
                    Err("ReLU computes with numbers, but the input is an index (dtype = int32)"),
                ),
            ],
        );
    }

    #[test]
    fn numbers_below_zero_are_refused() {
        let error = check_max_value(ArgValue::Float(-1.5)).unwrap_err();
        assert_eq!(error.sentence(), "ReLU: max_value must not be negative, but is -1.5");
        assert!(check_threshold(ArgValue::Int(-1)).is_err());
        assert!(check_negative_slope(ArgValue::Float(f64::NAN)).is_err());
        assert!(check_negative_slope(ArgValue::Float(0.1)).is_ok());
        assert!(check_max_value(ArgValue::Unset).is_ok());
    }
}
