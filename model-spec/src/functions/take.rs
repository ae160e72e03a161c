//! `take(x, indices, axis)`: the numbers at positions along an axis.
//! <https://keras.io/api/ops/numpy/>

pub use crate::no_weights as weights;

use super::{entry, flat, one_axis};
use crate::catalogue::{Arg, ArgKind, Entry, Inputs};
use crate::rules::{any_poison, attempt, count, push, result};
use crate::{ArgValue, Config, Shape, ShapeError, Value, Values};

/// The catalogue's entry.
pub const ENTRY: Entry = entry(
    "take",
    "functions::take",
    Inputs::Exactly(2),
    &[Arg::new("axis", ArgKind::Ints, ArgValue::Unset)],
    rule,
);

const AXIS: usize = 0;

/// The axes of the indices in place of the axis; where none is given, the numbers of a sample are
/// one line. Each sample has indices of its own. A mask ends here.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    attempt!(count("take", inputs, 2, 2));
    if any_poison(inputs) {
        return Ok(Values::POISON);
    }
    let (x, indices) = (inputs[0], &inputs[1].shape);
    let (from, axis) = match attempt!(one_axis("take", &config.ints(AXIS), &x.shape)) {
        Some(axis) => (x.shape, axis),
        None => (Shape::new(&[flat(&x.shape)]), 0),
    };
    let mut shape = Shape::SCALAR;
    let mut i = 0;
    while i < from.rank() {
        let mut k = 0;
        if i != axis {
            shape = attempt!(push("take", &shape, from.dim(i)));
        }
        while i == axis && k < indices.rank() {
            shape = attempt!(push("take", &shape, indices.dim(k)));
            k += 1;
        }
        i += 1;
    }
    result("take", Value { shape, kind: x.kind, mask: false })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{check, f, tuple};

    #[test]
    fn indices_take_the_place_of_the_axis() {
        check(
            rule,
            &[
                (&[tuple(&[1])], &[f(&[5, 4]), Value::index(&[2])], Ok(&[2, 4])),
                (&[tuple(&[-1])], &[f(&[5, 4]), Value::index(&[2, 3])], Ok(&[5, 2, 3])),
                (&[tuple(&[1])], &[f(&[5, 4]), Value::index(&[])], Ok(&[4])),
                (&[], &[f(&[5, 4]), Value::index(&[2])], Ok(&[2])),
                (
                    &[tuple(&[3])],
                    &[f(&[5, 4]), Value::index(&[2])],
                    Err("take: there is no axis 3 in (5, 4)"),
                ),
            ],
        );
    }
}
