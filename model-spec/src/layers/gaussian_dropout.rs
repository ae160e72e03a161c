//! `GaussianDropout(rate)`: while training, each number times a random one around 1.
//! <https://keras.io/api/layers/regularization_layers/gaussian_dropout/>

pub use crate::no_weights as weights;

use crate::catalogue::{Arg, ArgKind, Entry, Form, Inputs};
use crate::layers::dropout::dropped;
use crate::rules::{attempt, one_float};
use crate::{ArgValue, Config, ShapeError, Value, Values};

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    name: "GaussianDropout",
    snake: "gaussian_dropout",
    module: "layers::gaussian_dropout",
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
    dropped("GaussianDropout", value)
}

/// The shape stays.
pub const fn rule(_config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    Ok(Values::one(attempt!(one_float("GaussianDropout", inputs))))
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
                    Err("GaussianDropout computes with numbers, but the input is an index \
                         (dtype = int32)"),
                ),
            ],
        );
    }

    #[test]
    fn a_rate_outside_of_zero_to_one_is_refused() {
        let error = check_rate(ArgValue::Float(1.0)).unwrap_err();
        assert_eq!(error.sentence(), "GaussianDropout: the rate must lie in [0, 1), but is 1");
        assert!(check_rate(ArgValue::Int(0)).is_ok());
    }
}
