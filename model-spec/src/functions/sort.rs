//! `sort(x, axis = -1)`: the numbers along an axis, the smallest first.
//! <https://keras.io/api/ops/numpy/>

pub use crate::no_weights as weights;

use super::entry;
use crate::catalogue::{Arg, ArgKind, Entry, Inputs};
use crate::layers::softmax::along_axis;
use crate::rules::attempt;
use crate::{ArgValue, Config, ShapeError, Value, Values};

/// The catalogue's entry.
pub const ENTRY: Entry = entry(
    "sort",
    "functions::sort",
    Inputs::Exactly(1),
    &[Arg::new("axis", ArgKind::Int, ArgValue::Int(-1))],
    rule,
);

const AXIS: usize = 0;

/// The shape stays.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    let values = attempt!(along_axis("sort", config.int(AXIS), inputs));
    Ok(Values::shape(values.get(0).shape))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{check, f};

    #[test]
    fn the_shape_stays() {
        check(
            rule,
            &[
                (&[ArgValue::Int(-1)], &[f(&[3, 4])], Ok(&[3, 4])),
                (&[ArgValue::Int(3)], &[f(&[3, 4])], Err("sort: there is no axis 3 in (3, 4)")),
            ],
        );
    }
}
