//! `argsort(x, axis = -1)`: the order that sorts the numbers along an axis.
//! <https://keras.io/api/ops/numpy/>

pub use crate::no_weights as weights;

use super::entry;
use crate::catalogue::{Arg, ArgKind, Entry, Inputs};
use crate::layers::softmax::along_axis;
use crate::rules::attempt;
use crate::{ArgValue, Config, Kind, ShapeError, Value, Values};

/// The catalogue's entry.
pub const ENTRY: Entry = entry(
    "argsort",
    "functions::argsort",
    Inputs::Exactly(1),
    &[Arg::new("axis", ArgKind::Int, ArgValue::Int(-1))],
    rule,
);

const AXIS: usize = 0;

/// An index for each number.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    let values = attempt!(along_axis("argsort", config.int(AXIS), inputs));
    Ok(Values::one(Value { kind: Kind::Index, ..Value::new(values.get(0).shape) }))
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
                (&[ArgValue::Int(3)], &[f(&[3, 4])], Err("argsort: there is no axis 3 in (3, 4)")),
            ],
        );
    }
}
