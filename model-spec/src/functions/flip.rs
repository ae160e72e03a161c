//! `flip(x, axis)`: the numbers in the opposite order.
//! <https://keras.io/api/ops/numpy/>

pub use crate::no_weights as weights;

use super::entry;
use crate::catalogue::{Arg, ArgKind, Entry, Inputs};
use crate::rules::{attempt, one};
use crate::{ArgValue, Config, ShapeError, Value, Values, resolve_axes};

/// The catalogue's entry.
pub const ENTRY: Entry = entry(
    "flip",
    "functions::flip",
    Inputs::Exactly(1),
    &[Arg::new("axis", ArgKind::Ints, ArgValue::Unset)],
    rule,
);

const AXIS: usize = 0;

/// The shape stays. A mask ends here.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    let mut value = attempt!(one("flip", inputs));
    if value.is_poison() {
        return Ok(Values::POISON);
    }
    attempt!(resolve_axes("flip", config.ints(AXIS).as_slice(), &value.shape));
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
                (&[], &[f(&[3, 4])], Ok(&[3, 4])),
                (&[tuple(&[1, 2])], &[f(&[3, 4])], Ok(&[3, 4])),
                (&[tuple(&[3])], &[f(&[3, 4])], Err("flip: there is no axis 3 in (3, 4)")),
            ],
        );
    }
}
