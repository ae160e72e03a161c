//! `take_along_axis(x, indices, axis)`: for each index the number at its position along an axis.
//! <https://keras.io/api/ops/numpy/>

pub use crate::no_weights as weights;

use super::{entry, flat, one_axis};
use crate::catalogue::{Arg, ArgKind, Entry, Inputs};
use crate::rules::{any_poison, attempt, count};
use crate::{ArgValue, Config, Shape, ShapeError, Text, Value, Values, dims_fit};

/// The catalogue's entry.
pub const ENTRY: Entry = entry(
    "take_along_axis",
    "functions::take_along_axis",
    Inputs::Exactly(2),
    &[Arg::new("axis", ArgKind::Ints, ArgValue::Unset)],
    rule,
);

const AXIS: usize = 0;

/// The shape of the indices, which is that of the value but for the axis; where none is given, the
/// numbers of a sample are one line. A mask ends here.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    attempt!(count("take_along_axis", inputs, 2, 2));
    if any_poison(inputs) {
        return Ok(Values::POISON);
    }
    let (x, indices) = (inputs[0], inputs[1].shape);
    let chosen = attempt!(one_axis("take_along_axis", &config.ints(AXIS), &x.shape));
    let (from, along) = match chosen {
        Some(axis) => (x.shape, axis),
        None => (Shape::new(&[flat(&x.shape)]), 0),
    };
    let mut fits = from.rank() == indices.rank();
    let mut axis = 0;
    while fits && axis < from.rank() {
        fits = axis == along || dims_fit(from.dim(axis), indices.dim(axis));
        axis += 1;
    }
    if !fits {
        let text = Text::new("take_along_axis: indices of ").shape(&indices);
        return Err(ShapeError::of(text.str(" do not fit ").shape(&from))
            .help("give both the same axes; only the chosen one may have another size"));
    }
    Ok(Values::one(Value { shape: indices, kind: x.kind, mask: false }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{check, f, tuple};

    #[test]
    fn the_shape_is_that_of_the_indices() {
        check(
            rule,
            &[
                (&[tuple(&[1])], &[f(&[5, 4]), Value::index(&[2, 4])], Ok(&[2, 4])),
                (&[], &[f(&[5, 4]), Value::index(&[7])], Ok(&[7])),
                (
                    &[tuple(&[1])],
                    &[f(&[5, 4]), Value::index(&[2])],
                    Err("take_along_axis: indices of (2) do not fit (5, 4)"),
                ),
            ],
        );
    }
}
