//! `squeeze(x, axis)`: without axes of size 1.
//! <https://keras.io/api/ops/numpy/>

pub use crate::no_weights as weights;

use crate::catalogue::{Arg, ArgKind, Entry, Form, Inputs};
use crate::rules::{attempt, one};
use crate::{ArgValue, Config, Shape, ShapeError, Text, Value, Values, dims_fit, resolve_axes};

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    name: "squeeze",
    snake: "squeeze",
    module: "functions::squeeze",
    form: Form::Function,
    inputs: Inputs::Exactly(1),
    args: &[Arg::new("axis", ArgKind::Ints, ArgValue::Unset)],
    rule,
    weights,
    ..Entry::LAYER
};

const AXIS: usize = 0;

/// The shape without the axes, which have size 1; without all that have where none is given.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    let mut value = attempt!(one("squeeze", inputs));
    if value.is_poison() {
        return Ok(Values::POISON);
    }
    let input = value.shape;
    let axes = config.ints(AXIS);
    let chosen = attempt!(resolve_axes("squeeze", axes.as_slice(), &input));
    let mut shape = Shape::SCALAR;
    let mut axis = 0;
    while axis < input.rank() {
        let dim = input.dim(axis);
        if !chosen[axis] || (axes.is_empty() && dim != 1) {
            shape = shape.push(dim);
        } else if !dims_fit(dim, 1) {
            return Err(ShapeError::of(
                Text::new("squeeze takes axes of size 1 away, but axis ")
                    .int(axis as i64 + 1)
                    .str(" of ")
                    .shape(&input)
                    .str(" is ")
                    .dim(dim),
            )
            .help("leave axis out to take away all of size 1"));
        }
        axis += 1;
    }
    value.shape = shape;
    value.mask = false;
    Ok(Values::one(value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{check, f, tuple};

    #[test]
    fn axes_of_size_one_go_away() {
        check(
            rule,
            &[
                (&[], &[f(&[1, 3, 1])], Ok(&[3])),
                (&[ArgValue::Unset], &[f(&[Shape::ANY, 1])], Ok(&[Shape::ANY])),
                (&[ArgValue::Int(-1)], &[f(&[1, 3, 1])], Ok(&[1, 3])),
                (&[tuple(&[1, 3])], &[f(&[1, 3, 1])], Ok(&[3])),
                (&[ArgValue::Int(1)], &[f(&[Shape::ANY, 2])], Ok(&[2])),
                (&[], &[f(&[])], Ok(&[])),
                (
                    &[ArgValue::Int(2)],
                    &[f(&[1, 3, 1])],
                    Err("squeeze takes axes of size 1 away, but axis 2 of (1, 3, 1) is 3"),
                ),
            ],
        );
    }
}
