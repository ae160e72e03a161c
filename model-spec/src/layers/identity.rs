//! `Identity()`: the input, as it is.
//! <https://keras.io/api/layers/core_layers/identity/>

pub use crate::no_weights as weights;

use crate::catalogue::{Entry, Form, Inputs};
use crate::rules::{attempt, one};
use crate::{Config, ShapeError, Value, Values};

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    name: "Identity",
    snake: "identity",
    module: "layers::identity",
    form: Form::Layer,
    inputs: Inputs::Exactly(1),
    args: &[],
    rule,
    weights,
    ..Entry::LAYER
};

/// The value stays, whatever it is.
pub const fn rule(_config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    Ok(Values::one(attempt!(one("Identity", inputs))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_value_stays() {
        for value in [Value::float(&[3, 4]), Value::float(&[]), Value::index(&[7])] {
            assert_eq!(rule(&Config::new(&[]), &[value]), Ok(Values::one(value)));
        }
    }
}
