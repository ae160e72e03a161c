//! `norm(x, ord = 2, axis, keepdims = false)`: the length of the vectors along some axes.
//! <https://keras.io/api/ops/linalg/>

pub use crate::no_weights as weights;

use super::entry;
use super::reduction::reduced;
use crate::catalogue::{Arg, ArgKind, Entry, Inputs};
use crate::{ArgValue, Config, ShapeError, Text, Value, Values};

/// The catalogue's entry.
pub const ENTRY: Entry = entry(
    "norm",
    "functions::norm",
    Inputs::Exactly(1),
    &[
        Arg::new("ord", ArgKind::Float, ArgValue::Float(2.0)).check(order),
        Arg::new("axis", ArgKind::Ints, ArgValue::Unset),
        Arg::new("keepdims", ArgKind::Bool, ArgValue::Bool(false)),
    ],
    rule,
);

const AXIS: usize = 1;
const KEEPDIMS: usize = 2;

fn order(value: ArgValue) -> Result<(), ShapeError> {
    match value.number() {
        Some(order) if order.is_nan() || order < 1.0 => Err(ShapeError::of(
            Text::new("norm: ord must be at least 1, but is ").str(&order.to_string()),
        )
        .help("1 is the sum of the absolute values, 2 the length")),
        _ => Ok(()),
    }
}

/// The shape without the axes, or with 1 in their place; all axes but the sample's where none is
/// given.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    reduced("norm", &config.ints(AXIS), config.bool(KEEPDIMS), inputs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{check, f, tuple};

    #[test]
    fn the_chosen_axes_go_away() {
        let two = ArgValue::Float(2.0);
        check(
            rule,
            &[
                (&[two], &[f(&[3, 4])], Ok(&[])),
                (&[two, tuple(&[-1]), ArgValue::Bool(true)], &[f(&[3, 4])], Ok(&[3, 1])),
                (
                    &[two, tuple(&[0])],
                    &[f(&[3, 4])],
                    Err("norm: axis 0 is the sample axis, which cannot be chosen"),
                ),
            ],
        );
        assert!(order(ArgValue::Float(0.5)).is_err() && order(two).is_ok());
    }
}
