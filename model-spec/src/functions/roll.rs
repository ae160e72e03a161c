//! `roll(x, shift, axis)`: the numbers further on, those beyond the end at the start.
//! <https://keras.io/api/ops/numpy/>

pub use crate::no_weights as weights;

use super::entry;
use crate::catalogue::{Arg, ArgKind, Entry, Inputs};
use crate::rules::{attempt, one};
use crate::{ArgValue, Config, ShapeError, Value, Values, resolve_axes};

/// The catalogue's entry.
pub const ENTRY: Entry = entry(
    "roll",
    "functions::roll",
    Inputs::Exactly(1),
    &[Arg::required("shift", ArgKind::Int), Arg::new("axis", ArgKind::Ints, ArgValue::Unset)],
    rule,
);

const AXIS: usize = 1;

/// The shape stays; where no axis is given, the numbers of a sample are rolled as one line. A mask
/// ends here.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    let mut value = attempt!(one("roll", inputs));
    if value.is_poison() {
        return Ok(Values::POISON);
    }
    attempt!(resolve_axes("roll", config.ints(AXIS).as_slice(), &value.shape));
    value.mask = false;
    Ok(Values::one(value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{check, f, tuple};

    #[test]
    fn the_shape_stays() {
        check(
            rule,
            &[
                (&[ArgValue::Int(-1)], &[f(&[3, 4])], Ok(&[3, 4])),
                (
                    &[ArgValue::Int(1), tuple(&[0])],
                    &[f(&[3, 4])],
                    Err("roll: axis 0 is the sample axis, which cannot be chosen"),
                ),
            ],
        );
    }
}
