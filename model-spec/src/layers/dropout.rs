//! `Dropout(rate)`: while training, a share of the numbers becomes 0, and the others grow
//! by as much as that takes away.
//! <https://keras.io/api/layers/regularization_layers/dropout/>

pub use crate::no_weights as weights;

use crate::catalogue::{Arg, ArgKind, Entry, Form, Inputs};
use crate::rules::{attempt, one_float, sizes};
use crate::{ArgValue, Config, ShapeError, Text, Value, Values, dims_fit};

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    name: "Dropout",
    snake: "dropout",
    module: "layers::dropout",
    form: Form::Layer,
    inputs: Inputs::Exactly(1),
    args: &[
        Arg::required("rate", ArgKind::Float).check(check_rate),
        Arg::new("noise_shape", ArgKind::Shape, ArgValue::Unset),
        Arg::new("seed", ArgKind::Seed, ArgValue::Unset),
    ],
    rule,
    weights,
    ..Entry::LAYER
};

const NOISE_SHAPE: usize = 1;

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

/// The shape stays. `noise_shape`, where it is given, has for each axis its size, `_`, or 1.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    let input = attempt!(one_float("Dropout", inputs));
    if input.is_poison() || matches!(config.get(NOISE_SHAPE), ArgValue::Unset) {
        return Ok(Values::one(input));
    }
    let noise = attempt!(sizes("Dropout", config.ints(NOISE_SHAPE).as_slice()));
    let mut fits = noise.rank() == input.shape.rank();
    let mut axis = 0;
    while fits && axis < noise.rank() {
        fits = noise.dim(axis) == 1 || dims_fit(noise.dim(axis), input.shape.dim(axis));
        axis += 1;
    }
    if fits {
        return Ok(Values::one(input));
    }
    let text = Text::new("Dropout: the noise_shape ").shape(&noise).str(" does not fit ");
    Err(ShapeError::of(text.shape(&input.shape))
        .help("it has for each axis the size of the input, or 1 for an axis dropped as a whole"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{check, f, tuple};

    #[test]
    fn the_shape_stays() {
        let noise = |sizes: &[i64]| [ArgValue::Float(0.5), tuple(sizes)];
        check(
            rule,
            &[
                (&[], &[f(&[3, 4])], Ok(&[3, 4])),
                (&noise(&[1, 4]), &[f(&[3, 4])], Ok(&[3, 4])),
                (&noise(&[-1, 1]), &[f(&[3, 4])], Ok(&[3, 4])),
                (
                    &noise(&[4]),
                    &[f(&[3, 4])],
                    Err("Dropout: the noise_shape (4) does not fit (3, 4)"),
                ),
                (
                    &noise(&[1, 3]),
                    &[f(&[3, 4])],
                    Err("Dropout: the noise_shape (1, 3) does not fit (3, 4)"),
                ),
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
