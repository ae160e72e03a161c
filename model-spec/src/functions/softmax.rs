//! `softmax(x, axis = -1)` and its logarithm.
//! <https://keras.io/api/ops/nn/>

pub use crate::no_weights as weights;

use crate::catalogue::{Arg, ArgKind, Entry, Form, Inputs};
use crate::layers::softmax::along_axis;
use crate::{ArgValue, Config, ShapeError, Value, Values};

const ARGS: &[Arg] = &[Arg::new("axis", ArgKind::Int, ArgValue::Int(-1))];

const fn entry(name: &'static str) -> Entry {
    Entry {
        name,
        snake: name,
        module: "functions::softmax",
        form: Form::Function,
        inputs: Inputs::Exactly(1),
        args: ARGS,
        rule,
        weights,
        ..Entry::LAYER
    }
}

/// `softmax(x, axis = -1)`: along an axis, positive numbers whose sum is 1.
pub const SOFTMAX: Entry = entry("softmax");
/// `log_softmax(x, axis = -1)`: the logarithm of `softmax`.
pub const LOG_SOFTMAX: Entry = entry("log_softmax");

const AXIS: usize = 0;

/// The value stays, with its mask.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    along_axis("softmax", config.int(AXIS), inputs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{check, f};

    #[test]
    fn the_shape_stays_and_the_axis_exists() {
        check(
            rule,
            &[
                (&[ArgValue::Int(-1)], &[f(&[3, 4])], Ok(&[3, 4])),
                (
                    &[ArgValue::Int(-3)],
                    &[f(&[3, 4])],
                    Err("softmax: axis -3 is the sample axis, which cannot be chosen"),
                ),
                (
                    &[ArgValue::Int(-1)],
                    &[f(&[])],
                    Err("softmax needs an axis, but the input is one number, ()"),
                ),
            ],
        );
    }
}
