//! `Subtract`: the first input minus the second, element by element.
//! <https://keras.io/api/layers/merging_layers/subtract/>

pub use crate::no_weights as weights;

use crate::catalogue::{Entry, Form, Inputs};
use crate::{Config, ShapeError, Value, Values, operators};

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    name: "Subtract",
    snake: "subtract",
    module: "layers::subtract",
    form: Form::Layer,
    inputs: Inputs::AtLeast(2),
    args: &[],
    rule,
    weights,
    ..Entry::LAYER
};

/// The shape that `+` gives; two inputs only.
pub const fn rule(_config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    operators::merge("Subtract", inputs, 2)
}

#[cfg(test)]
mod tests {
    use super::rule;
    use crate::testing::{check, f};

    #[test]
    fn inputs_meet_as_operators_let_them() {
        check(
            rule,
            &[
                (&[], &[f(&[3, 4]), f(&[3, 1])], Ok(&[3, 4])),
                (&[], &[f(&[3, 4]), f(&[3, 4]), f(&[])], Err("Subtract takes 2 inputs, but got 3")),
                (&[], &[f(&[3])], Err("Subtract takes 2 inputs, but got 1")),
                (
                    &[],
                    &[f(&[32, 32, 32]), f(&[32, 32, 16])],
                    Err("these values cannot be combined element by element: axis 3 is 32 in \
                         (32, 32, 32) and 16 in (32, 32, 16)"),
                ),
            ],
        );
    }
}
