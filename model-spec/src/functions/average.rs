//! `average([a, b])`: the mean of values, element by element.
//! <https://keras.io/api/layers/merging_layers/average/>

pub use crate::no_weights as weights;

use super::entry;
use crate::catalogue::{Entry, Inputs};
use crate::{Config, ShapeError, Value, Values, operators};

/// The catalogue's entry.
pub const ENTRY: Entry = entry("average", "functions::average", Inputs::AtLeast(2), &[], rule);

/// The shape that `+` gives; two values or more.
pub const fn rule(_config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    operators::merge("average", inputs, usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::rule;
    use crate::testing::{check, f};

    #[test]
    fn values_meet_as_operators_let_them() {
        check(
            rule,
            &[
                (&[], &[f(&[3, 4]), f(&[3, 1]), f(&[])], Ok(&[3, 4])),
                (&[], &[f(&[3])], Err("average takes at least 2 inputs, but got 1")),
            ],
        );
    }
}
