//! `Masking(mask_value = 0.0)`: the steps of a sequence that are this value throughout do not
//! count.
//! <https://keras.io/api/layers/core_layers/masking/>

pub use crate::no_weights as weights;

use crate::catalogue::{Arg, ArgKind, Entry, Form, Inputs};
use crate::rules::{attempt, one_float};
use crate::{ArgValue, Config, ShapeError, Text, Value, Values};

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    name: "Masking",
    snake: "masking",
    module: "layers::masking",
    form: Form::Layer,
    inputs: Inputs::Exactly(1),
    args: &[Arg::new("mask_value", ArgKind::Float, ArgValue::Float(0.0)).check(check_value)],
    rule,
    weights,
    uses_mask: true,
    ..Entry::LAYER
};

fn check_value(value: ArgValue) -> Result<(), ShapeError> {
    match value.number() {
        Some(number) if !number.is_finite() => Err(ShapeError::of(
            Text::new("Masking: the mask_value must be finite, but is ").str(&number.to_string()),
        )
        .help("write the number that stands in the data for what is missing")),
        _ => Ok(()),
    }
}

/// The shape stays: `(steps, …, features)`.
pub const fn rule(_config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    let input = attempt!(one_float("Masking", inputs));
    if !input.is_poison() && input.shape.rank() < 2 {
        return Err(ShapeError::of(
            Text::new("Masking needs steps and features, but the input is ").shape(&input.shape),
        )
        .help("give each step an axis of features: Reshape(-1, 1)"));
    }
    Ok(Values::one(Value { mask: true, ..input }))
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
                (&[], &[f(&[5, 3])], Ok(&[5, 3])),
                (&[], &[f(&[5])], Err("Masking needs steps and features, but the input is (5)")),
            ],
        );
        assert!(check_value(ArgValue::Float(f64::NAN)).is_err());
        assert!(check_value(ArgValue::Int(-1)).is_ok());
    }
}
