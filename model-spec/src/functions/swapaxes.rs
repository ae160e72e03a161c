//! `swapaxes(x, axis1, axis2)`: two axes, each in the place of the other.
//! <https://keras.io/api/ops/numpy/>

pub use crate::no_weights as weights;

use super::entry;
use crate::catalogue::{Arg, ArgKind, Entry, Inputs};
use crate::rules::{attempt, one};
use crate::{Config, ShapeError, Value, Values, resolve_axis};

/// The catalogue's entry.
pub const ENTRY: Entry = entry(
    "swapaxes",
    "functions::swapaxes",
    Inputs::Exactly(1),
    &[Arg::required("axis1", ArgKind::Int), Arg::required("axis2", ArgKind::Int)],
    rule,
);

/// The sizes in the other order. A mask ends here.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    let mut value = attempt!(one("swapaxes", inputs));
    if value.is_poison() {
        return Ok(Values::POISON);
    }
    let shape = value.shape;
    let a = attempt!(resolve_axis("swapaxes", config.int(0), &shape));
    let b = attempt!(resolve_axis("swapaxes", config.int(1), &shape));
    value.mask = false;
    Ok(Values::one(value.with_shape(shape.with(a, shape.dim(b)).with(b, shape.dim(a)))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ArgValue::Int;
    use crate::testing::{check, f};

    #[test]
    fn two_sizes_change_places() {
        check(
            rule,
            &[
                (&[Int(1), Int(-1)], &[f(&[2, 3, 4])], Ok(&[4, 3, 2])),
                (&[Int(2), Int(2)], &[f(&[2, 3, 4])], Ok(&[2, 3, 4])),
                (
                    &[Int(0), Int(1)],
                    &[f(&[2, 3])],
                    Err("swapaxes: axis 0 is the sample axis, which cannot be chosen"),
                ),
            ],
        );
    }
}
