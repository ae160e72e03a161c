//! `equal(a, b)`, `less(a, b)` and other comparisons, element by element: 1 where it holds, 0
//! elsewhere.
//! <https://keras.io/api/ops/numpy/>

pub use crate::no_weights as weights;

use super::entry as function;
use crate::catalogue::{Entry, Inputs};
use crate::operators::broadcast;
use crate::rules::{any_mask, any_poison, attempt, count, result};
use crate::{Config, ShapeError, Value, Values};

const fn entry(name: &'static str) -> Entry {
    function(name, "functions::comparison", Inputs::Exactly(2), &[], rule)
}

/// `equal(a, b)`: whether they are the same.
pub const EQUAL: Entry = entry("equal");
/// `not_equal(a, b)`: whether they differ.
pub const NOT_EQUAL: Entry = entry("not_equal");
/// `greater(a, b)`: whether `a` is larger.
pub const GREATER: Entry = entry("greater");
/// `greater_equal(a, b)`: whether `a` is larger or the same.
pub const GREATER_EQUAL: Entry = entry("greater_equal");
/// `less(a, b)`: whether `a` is smaller.
pub const LESS: Entry = entry("less");
/// `less_equal(a, b)`: whether `a` is smaller or the same.
pub const LESS_EQUAL: Entry = entry("less_equal");

/// The shape and the mask that `+` gives; numbers and indices can be compared.
pub const fn rule(_config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    attempt!(count("a comparison", inputs, 2, 2));
    if any_poison(inputs) {
        return Ok(Values::POISON);
    }
    let shape = attempt!(broadcast(&inputs[0].shape, &inputs[1].shape));
    result("a comparison", Value { mask: any_mask(inputs), ..Value::new(shape) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{check, f};

    #[test]
    fn indices_can_be_compared() {
        check(
            rule,
            &[
                (&[], &[f(&[3, 4]), f(&[3, 1])], Ok(&[3, 4])),
                (&[], &[Value::index(&[3]), f(&[])], Ok(&[3])),
                (
                    &[],
                    &[f(&[3]), f(&[4])],
                    Err("these values cannot be combined element by element: axis 1 is 3 in (3) \
                         and 4 in (4)"),
                ),
            ],
        );
    }
}
