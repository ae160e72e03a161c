//! `cumsum(x, axis)`: the sum of each number and all before it.
//! <https://keras.io/api/ops/numpy/>

pub use crate::no_weights as weights;

use super::{entry, flat, one_axis};
use crate::catalogue::{Arg, ArgKind, Entry, Inputs};
use crate::rules::{attempt, one_float};
use crate::{ArgValue, Config, Shape, ShapeError, Value, Values};

/// The catalogue's entry.
pub const ENTRY: Entry = entry(
    "cumsum",
    "functions::cumsum",
    Inputs::Exactly(1),
    &[Arg::new("axis", ArgKind::Ints, ArgValue::Unset)],
    rule,
);

const AXIS: usize = 0;

/// The shape stays; where no axis is given, the numbers of a sample become one line.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    let input = attempt!(one_float("cumsum", inputs));
    if input.is_poison() {
        return Ok(Values::POISON);
    }
    match attempt!(one_axis("cumsum", &config.ints(AXIS), &input.shape)) {
        Some(_) => Ok(Values::shape(input.shape)),
        None => Ok(Values::shape(Shape::new(&[flat(&input.shape)]))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{check, f, tuple};

    #[test]
    fn the_shape_stays_along_an_axis() {
        check(
            rule,
            &[
                (&[tuple(&[-1])], &[f(&[3, 4])], Ok(&[3, 4])),
                (&[], &[f(&[3, 4])], Ok(&[12])),
                (&[], &[f(&[])], Ok(&[1])),
                (
                    &[tuple(&[0])],
                    &[f(&[3])],
                    Err("cumsum: axis 0 is the sample axis, which cannot be chosen"),
                ),
            ],
        );
    }
}
