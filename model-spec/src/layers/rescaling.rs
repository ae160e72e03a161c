//! `Rescaling(scale, offset = 0.0)`: `x * scale + offset`.
//! <https://keras.io/api/layers/preprocessing_layers/image_preprocessing/rescaling/>

pub use crate::no_weights as weights;

use crate::catalogue::{Arg, ArgKind, Entry, Form, Inputs};
use crate::rules::{attempt, one_float};
use crate::{ArgValue, Config, ShapeError, Value, Values};

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    name: "Rescaling",
    snake: "rescaling",
    module: "layers::rescaling",
    form: Form::Layer,
    inputs: Inputs::Exactly(1),
    args: &[
        Arg::required("scale", ArgKind::Float),
        Arg::new("offset", ArgKind::Float, ArgValue::Float(0.0)),
    ],
    rule,
    weights,
    ..Entry::LAYER
};

/// The shape stays.
pub const fn rule(_config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    Ok(Values::one(attempt!(one_float("Rescaling", inputs))))
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
                    Err("Rescaling computes with numbers, but the input is an index \
                         (dtype = int32)"),
                ),
            ],
        );
    }
}
