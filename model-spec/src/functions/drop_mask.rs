//! `drop_mask(x)`: `x` without its mask, so that what is padding counts from here on.

pub use crate::no_weights as weights;

use crate::catalogue::{Entry, Form};
use crate::rules::{attempt, one};
use crate::{Config, ShapeError, Value, Values};

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    name: "drop_mask",
    snake: "drop_mask",
    module: "functions::drop_mask",
    form: Form::Function,
    uses_mask: true,
    rule,
    weights,
    ..Entry::LAYER
};

/// The value stays, without its mask.
pub const fn rule(_config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    let mut value = attempt!(one("drop_mask", inputs));
    value.mask = false;
    Ok(Values::one(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_mask_goes() {
        let ids = Value::index(&[5]);
        assert_eq!(rule(&Config::new(&[]), &[ids.masked()]), Ok(Values::one(ids)));
    }
}
