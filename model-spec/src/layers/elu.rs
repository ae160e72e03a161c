//! `ELU(alpha = 1.0)`: what is above 0, `alpha * (exp(x) - 1)` for the rest.
//! <https://keras.io/api/layers/activation_layers/elu/>

pub use crate::no_weights as weights;

use crate::catalogue::{Arg, ArgKind, Entry, Form, Inputs};
use crate::rules::{attempt, one_float};
use crate::{ArgValue, Config, ShapeError, Value, Values};

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    name: "ELU",
    snake: "elu",
    module: "layers::elu",
    form: Form::Layer,
    inputs: Inputs::Exactly(1),
    args: &[Arg::new("alpha", ArgKind::Float, ArgValue::Float(1.0))],
    rule,
    weights,
    ..Entry::LAYER
};

/// The shape stays.
pub const fn rule(_config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    Ok(Values::one(attempt!(one_float("ELU", inputs))))
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
                    Err("ELU computes with numbers, but the input is an index (dtype = int32)"),
                ),
            ],
        );
    }
}
