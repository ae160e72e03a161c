//! `normalize(x, axis = -1, order = 2, epsilon = 1e-7)`: vectors of length 1 along an axis.
//! <https://keras.io/api/ops/nn/>

pub use crate::no_weights as weights;

use super::entry;
use crate::catalogue::{Arg, ArgKind, Entry, Inputs};
use crate::layers::softmax::along_axis;
use crate::{ArgValue, Config, ShapeError, Value, Values};

/// The catalogue's entry.
pub const ENTRY: Entry = entry(
    "normalize",
    "functions::normalize",
    Inputs::Exactly(1),
    &[
        Arg::new("axis", ArgKind::Int, ArgValue::Int(-1)),
        Arg::new("order", ArgKind::Size, ArgValue::Int(2)),
        Arg::new("epsilon", ArgKind::Float, ArgValue::Float(1e-7)),
    ],
    rule,
);

const AXIS: usize = 0;

/// The value stays, with its mask.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    along_axis("normalize", config.int(AXIS), inputs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{check, f};

    #[test]
    fn the_shape_stays_and_the_axis_exists() {
        check(
            rule,
            &[
                (&[ArgValue::Int(-1)], &[f(&[3, 4])], Ok(&[3, 4])),
                (
                    &[ArgValue::Int(3)],
                    &[f(&[3, 4])],
                    Err("normalize: there is no axis 3 in (3, 4)"),
                ),
            ],
        );
    }
}
