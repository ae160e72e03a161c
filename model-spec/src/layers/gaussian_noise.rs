//! `GaussianNoise(stddev)`: while training, a random number is added to each.
//! <https://keras.io/api/layers/regularization_layers/gaussian_noise/>

pub use crate::no_weights as weights;

use crate::catalogue::{Arg, ArgKind, Entry, Form, Inputs};
use crate::rules::{attempt, one_float};
use crate::{ArgValue, Config, ShapeError, Text, Value, Values};

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    name: "GaussianNoise",
    snake: "gaussian_noise",
    module: "layers::gaussian_noise",
    form: Form::Layer,
    inputs: Inputs::Exactly(1),
    args: &[
        Arg::required("stddev", ArgKind::Float).check(check_stddev),
        Arg::new("seed", ArgKind::Seed, ArgValue::Unset),
    ],
    rule,
    weights,
    ..Entry::LAYER
};

fn check_stddev(value: ArgValue) -> Result<(), ShapeError> {
    let Some(stddev) = value.number() else { return Ok(()) };
    if (0.0..=1.0).contains(&stddev) {
        return Ok(());
    }
    Err(ShapeError::of(
        Text::new("GaussianNoise: the stddev must lie in [0, 1], but is ").str(&stddev.to_string()),
    )
    .help("scale the input first, as with Rescaling, so that its numbers are about 1"))
}

/// The shape stays.
pub const fn rule(_config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    Ok(Values::one(attempt!(one_float("GaussianNoise", inputs))))
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
                    Err("GaussianNoise computes with numbers, but the input is an index \
                         (dtype = int32)"),
                ),
            ],
        );
    }

    #[test]
    fn a_stddev_outside_of_zero_to_one_is_refused() {
        let error = check_stddev(ArgValue::Float(1.5)).unwrap_err();
        let sentence = "GaussianNoise: the stddev must lie in [0, 1], but is 1.5";
        assert_eq!(error.sentence(), sentence);
        assert!(check_stddev(ArgValue::Float(f64::NAN)).is_err());
        assert!(check_stddev(ArgValue::Int(1)).is_ok());
    }
}
