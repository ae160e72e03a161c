//! `one_hot(x, num_classes, axis = -1)`: 1 at the position that an index names, 0 elsewhere.
//! <https://keras.io/api/ops/nn/>

pub use crate::no_weights as weights;

use super::entry;
use super::expand_dims::expanded;
use crate::catalogue::{Arg, ArgKind, Entry, Inputs};
use crate::rules::{attempt, one, result, size};
use crate::{ArgValue, Config, ShapeError, Value, Values};

/// The catalogue's entry.
pub const ENTRY: Entry = entry(
    "one_hot",
    "functions::one_hot",
    Inputs::Exactly(1),
    &[
        Arg::required("num_classes", ArgKind::Size),
        Arg::new("axis", ArgKind::Int, ArgValue::Int(-1)),
    ],
    rule,
);

const CLASSES: usize = 0;
const AXIS: usize = 1;

/// One more axis, of the number of classes, where `axis` counts to in the result.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    let input = attempt!(one("one_hot", inputs));
    if input.is_poison() {
        return Ok(Values::POISON);
    }
    let classes = attempt!(size("one_hot", "num_classes", config, CLASSES));
    let shape = attempt!(expanded("one_hot", config.int(AXIS), &input.shape, classes));
    result("one_hot", Value::new(shape))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ArgValue::Int;
    use crate::testing::{check, f};

    #[test]
    fn a_new_axis_counts_the_classes() {
        check(
            rule,
            &[
                (&[Int(10), Int(-1)], &[Value::index(&[])], Ok(&[10])),
                (&[Int(10), Int(-1)], &[Value::index(&[5])], Ok(&[5, 10])),
                (&[Int(10), Int(1)], &[f(&[5])], Ok(&[10, 5])),
                (
                    &[Int(0), Int(-1)],
                    &[f(&[5])],
                    Err("one_hot: num_classes must be a positive whole number, but is 0"),
                ),
            ],
        );
    }
}
