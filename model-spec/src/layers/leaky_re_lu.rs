//! `LeakyReLU(negative_slope = 0.3)`: what is above 0, the rest times a slope.
//! <https://keras.io/api/layers/activation_layers/leaky_relu/>

pub use crate::no_weights as weights;

use crate::catalogue::{Arg, ArgKind, Entry, Form, Inputs};
use crate::rules::{attempt, one_float};
use crate::{ArgValue, Config, ShapeError, Value, Values};

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    name: "LeakyReLU",
    snake: "leaky_re_lu",
    module: "layers::leaky_re_lu",
    form: Form::Layer,
    inputs: Inputs::Exactly(1),
    args: &[Arg::new("negative_slope", ArgKind::Float, ArgValue::Float(0.3))],
    rule,
    weights,
    ..Entry::LAYER
};

/// The shape stays.
pub const fn rule(_config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    Ok(Values::one(attempt!(one_float("LeakyReLU", inputs))))
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
                    Err("LeakyReLU computes with numbers, but the input is an index \
                         (dtype = int32)"),
                ),
            ],
        );
    }
}
