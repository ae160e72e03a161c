//! `repeat(x, repeats, axis)`: each number several times, one after the other.
//! <https://keras.io/api/ops/numpy/>

pub use crate::no_weights as weights;

use super::{entry, flat, one_axis, times};
use crate::catalogue::{Arg, ArgKind, Entry, Inputs};
use crate::rules::{attempt, one, result, size};
use crate::{ArgValue, Config, Shape, ShapeError, Value, Values};

/// The catalogue's entry.
pub const ENTRY: Entry = entry(
    "repeat",
    "functions::repeat",
    Inputs::Exactly(1),
    &[Arg::required("repeats", ArgKind::Size), Arg::new("axis", ArgKind::Ints, ArgValue::Unset)],
    rule,
);

const REPEATS: usize = 0;
const AXIS: usize = 1;

/// The axis as many times as long; where none is given, the numbers of a sample become one line.
/// A mask ends here.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    let mut value = attempt!(one("repeat", inputs));
    if value.is_poison() {
        return Ok(Values::POISON);
    }
    let repeats = attempt!(size("repeat", "repeats", config, REPEATS));
    let shape = value.shape;
    value.shape = match attempt!(one_axis("repeat", &config.ints(AXIS), &shape)) {
        Some(axis) => shape.with(axis, attempt!(times("repeat", shape.dim(axis), repeats))),
        None => Shape::new(&[attempt!(times("repeat", flat(&shape), repeats))]),
    };
    value.mask = false;
    result("repeat", value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{check, f, tuple};

    #[test]
    fn an_axis_grows() {
        check(
            rule,
            &[
                (&[ArgValue::Int(2)], &[f(&[3, 4])], Ok(&[24])),
                (&[ArgValue::Int(2), tuple(&[1])], &[f(&[3, 4])], Ok(&[6, 4])),
                (&[ArgValue::Int(2), tuple(&[1])], &[f(&[Shape::ANY])], Ok(&[Shape::ANY])),
                (
                    &[ArgValue::Int(0)],
                    &[f(&[3, 4])],
                    Err("repeat: repeats must be a positive whole number, but is 0"),
                ),
                (
                    &[ArgValue::Int(i64::MAX)],
                    &[f(&[3, 4])],
                    Err("repeat: the result has more values than can be counted"),
                ),
            ],
        );
    }
}
