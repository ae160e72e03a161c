//! `Dropout(rate)`: while training, a share of the numbers becomes 0, and the others grow
//! by as much as that takes away.
//! <https://keras.io/api/layers/regularization_layers/dropout/>

pub use crate::no_weights as weights;

use crate::catalogue::{Arg, ArgKind, Entry, Form, Inputs};
use crate::rules::{attempt, one_float};
use crate::{ArgValue, Config, ShapeError, Text, Value, Values};

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    name: "Dropout",
    snake: "dropout",
    module: "layers::dropout",
    form: Form::Layer,
    inputs: Inputs::Exactly(1),
    args: &[
        Arg::required("rate", ArgKind::Float).check(check_rate),
        Arg::new("seed", ArgKind::Seed, ArgValue::Unset),
    ],
    rule,
    weights,
    ..Entry::LAYER
};

fn check_rate(value: ArgValue) -> Result<(), ShapeError> {
    dropped("Dropout", value)
}

/// Refuses what is no share that can be dropped.
pub(crate) fn dropped(layer: &str, value: ArgValue) -> Result<(), ShapeError> {
    let Some(rate) = value.number() else { return Ok(()) };
    if (0.0..1.0).contains(&rate) {
        return Ok(());
    }
    Err(ShapeError::of(
        Text::new(layer).str(": the rate must lie in [0, 1), but is ").str(&rate.to_string()),
    )
    .help_of(
        Text::new("the rate is the share that is dropped: ").str(layer).str("(0.5) drops half"),
    ))
}

/// The shape stays.
pub const fn rule(_config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    Ok(Values::one(attempt!(one_float("Dropout", inputs))))
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
                    Err("Dropout computes with numbers, but the input is an index (dtype = int32)"),
                ),
            ],
        );
    }

    #[test]
    fn a_rate_outside_of_zero_to_one_is_refused() {
        let error = check_rate(ArgValue::Float(1.5)).unwrap_err();
        assert_eq!(error.sentence(), "Dropout: the rate must lie in [0, 1), but is 1.5");
        assert!(check_rate(ArgValue::Int(1)).is_err());
        assert!(check_rate(ArgValue::Float(f64::NAN)).is_err());
        assert!(check_rate(ArgValue::Int(0)).is_ok());
        assert!(check_rate(ArgValue::Rust).is_ok());
    }
}
