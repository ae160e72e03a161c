//! `concatenate([a, b], axis = -1)`: values joined along an axis.
//! <https://keras.io/api/ops/numpy/>

pub use crate::no_weights as weights;

use crate::catalogue::{Arg, ArgKind, Entry, Form, Inputs};
use crate::layers::concatenate::joined;
use crate::rules::{attempt, result};
use crate::{ArgValue, Config, ShapeError, Value, Values};

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    name: "concatenate",
    snake: "concatenate",
    module: "functions::concatenate",
    form: Form::Function,
    inputs: Inputs::AtLeast(1),
    args: &[Arg::new("axis", ArgKind::Int, ArgValue::Int(-1))],
    rule,
    weights,
    ..Entry::LAYER
};

const AXIS: usize = 0;

/// The sizes of the joined axis add up; the others are equal.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    let value = attempt!(joined("concatenate", config.int(AXIS), inputs, 1));
    result("concatenate", value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{check, f};

    #[test]
    fn the_joined_axis_adds_up() {
        let last = [ArgValue::Int(-1)];
        check(
            rule,
            &[
                (&last, &[f(&[3, 4])], Ok(&[3, 4])),
                (&last, &[f(&[3, 4]), f(&[3, 5])], Ok(&[3, 9])),
                (&last, &[], Err("concatenate takes at least 1 input, but got 0")),
                (
                    &last,
                    &[f(&[3, 4]), f(&[2, 4])],
                    Err("the inputs of concatenate differ in axis 1, which is not joined: 3 in \
                         (3, 4) and 2 in (2, 4)"),
                ),
            ],
        );
    }
}
