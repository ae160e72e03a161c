//! `SpatialDropout1D(rate)`: while training, a share of the channels of each sequence becomes 0.
//! <https://keras.io/api/layers/regularization_layers/spatial_dropout1d/>

pub use crate::no_weights as weights;

use crate::catalogue::{Arg, ArgKind, Entry, Form, Inputs};
use crate::image::input;
use crate::layers::dropout::dropped;
use crate::rules::attempt;
use crate::{ArgValue, Config, ShapeError, Value, Values};

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    name: "SpatialDropout1D",
    snake: "spatial_dropout1d",
    module: "layers::spatial_dropout1d",
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
    dropped("SpatialDropout1D", value)
}

/// The shape stays.
pub const fn rule(_config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    attempt!(input::<1>("SpatialDropout1D", inputs));
    // With its mask, which `input` ends.
    Ok(Values::one(inputs[0]))
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
                (
                    &[],
                    &[f(&[5])],
                    Err(
                        "SpatialDropout1D takes a sequence (steps, channels), but the input is (5)",
                    ),
                ),
            ],
        );
    }

    #[test]
    fn a_rate_outside_of_zero_to_one_is_refused() {
        let error = check_rate(ArgValue::Float(1.0)).unwrap_err();
        assert_eq!(error.sentence(), "SpatialDropout1D: the rate must lie in [0, 1), but is 1");
        assert!(check_rate(ArgValue::Int(0)).is_ok());
    }
}
