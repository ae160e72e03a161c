//! `Flatten()`: all numbers of a sample in one axis.
//! <https://keras.io/api/layers/reshaping_layers/flatten/>

pub use crate::no_weights as weights;

use crate::catalogue::{Entry, Form, Inputs};
use crate::rules::{attempt, one, result};
use crate::{Config, Shape, ShapeError, Value, Values};

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    name: "Flatten",
    snake: "flatten",
    module: "layers::flatten",
    form: Form::Layer,
    inputs: Inputs::Exactly(1),
    args: &[],
    rule,
    weights,
    ..Entry::LAYER
};

/// `(a, b, …)` becomes `(a * b * …)`, and one number becomes `(1)`.
pub const fn rule(_config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    let mut value = attempt!(one("Flatten", inputs));
    if value.is_poison() {
        return Ok(Values::POISON);
    }
    attempt!(result("Flatten", value));
    let size = match value.shape.size() {
        Some(size) => size,
        None => Shape::ANY,
    };
    value.shape = Shape::new(&[size]);
    value.mask = false;
    Ok(Values::one(value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{check, f};

    #[test]
    fn all_axes_become_one() {
        check(
            rule,
            &[
                (&[], &[f(&[28, 28, 1])], Ok(&[784])),
                (&[], &[f(&[5])], Ok(&[5])),
                (&[], &[f(&[])], Ok(&[1])),
                (&[], &[f(&[Shape::ANY, 3])], Ok(&[Shape::ANY])),
                (&[], &[Value::index(&[2, 3])], Ok(&[6])),
                (
                    &[],
                    &[f(&[1 << 40, 1 << 40])],
                    Err("Flatten: (1099511627776, 1099511627776) has more values than can be \
                         counted"),
                ),
                (&[], &[f(&[2]), f(&[2])], Err("Flatten takes 1 input, but got 2")),
                (&[], &[], Err("Flatten takes 1 input, but got 0")),
            ],
        );
    }
}
