//! `array(x)`: numbers that are written out, the same for each sample.
//! <https://keras.io/api/ops/core/#convert_to_tensor-function>

pub use crate::no_weights as weights;

use super::entry;
use crate::catalogue::{Arg, ArgKind, Entry, Inputs};
use crate::rules::{attempt, count, result};
use crate::{ArgValue, Config, Shape, ShapeError, Value, Values};

/// The catalogue's entry.
pub const ENTRY: Entry = entry(
    "array",
    "functions::array",
    Inputs::Exactly(0),
    &[Arg::required("x", ArgKind::Floats)],
    rule,
);

/// One axis with as many as there are, none for a lone number.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    attempt!(count("array", inputs, 0, 0));
    let shape = match config.get(0) {
        ArgValue::Floats { count: 0, .. } => {
            return Err(ShapeError::new("array: the list is empty")
                .help("write at least one number: [0, 2, 5]"));
        }
        ArgValue::Floats { count, .. } => Shape::new(&[count]),
        ArgValue::Int(_) | ArgValue::Float(_) => Shape::SCALAR,
        _ => {
            return Err(ShapeError::new("array: how many numbers there are is not known here")
                .help("write them out: [0, 2, 5]"));
        }
    };
    result("array", Value::new(shape))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{check, f};

    #[test]
    fn numbers_have_one_axis() {
        let three = ArgValue::floats(&[0.0, 2.5, -1.0]);
        check(
            rule,
            &[
                (&[three], &[], Ok(&[3])),
                (&[ArgValue::Float(2.0)], &[], Ok(&[])),
                (&[ArgValue::floats(&[])], &[], Err("array: the list is empty")),
                (&[three], &[f(&[3])], Err("array takes 0 inputs, but got 1")),
                (
                    &[ArgValue::Rust],
                    &[],
                    Err("array: how many numbers there are is not known here"),
                ),
            ],
        );
    }
}
