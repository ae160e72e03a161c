//! `where(condition, a, b)`: `a` where the condition is not 0, `b` elsewhere.
//! <https://keras.io/api/ops/numpy/>

pub use crate::no_weights as weights;

use super::entry;
use crate::catalogue::{Entry, Inputs};
use crate::operators::broadcast;
use crate::rules::{any_mask, any_poison, attempt, count, result};
use crate::{Config, ShapeError, Value, Values, require_float};

/// The catalogue's entry.
pub const ENTRY: Entry = entry("where", "functions::where", Inputs::Exactly(3), &[], rule);

/// The shape that the three become, element by element; a mask where one of them carries one.
pub const fn rule(_config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    attempt!(count("where", inputs, 3, 3));
    if any_poison(inputs) {
        return Ok(Values::POISON);
    }
    attempt!(require_float("where", &inputs[1]));
    attempt!(require_float("where", &inputs[2]));
    let values = attempt!(broadcast(&inputs[1].shape, &inputs[2].shape));
    let shape = attempt!(broadcast(&inputs[0].shape, &values));
    result("where", Value { mask: any_mask(inputs), ..Value::new(shape) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{check, f};

    #[test]
    fn the_three_meet_element_by_element() {
        check(
            rule,
            &[
                (&[], &[f(&[3, 4]), f(&[3, 1]), f(&[])], Ok(&[3, 4])),
                (&[], &[f(&[]), f(&[3]), f(&[3])], Ok(&[3])),
                (
                    &[],
                    &[f(&[2]), f(&[3]), f(&[3])],
                    Err("these values cannot be combined element by element: axis 1 is 2 in (2) \
                         and 3 in (3)"),
                ),
                (&[], &[f(&[2])], Err("where takes 3 inputs, but got 1")),
            ],
        );
    }
}
