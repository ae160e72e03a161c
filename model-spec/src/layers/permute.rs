//! `Permute(2, 1)`: the axes in another order.
//! <https://keras.io/api/layers/reshaping_layers/permute/>

pub use crate::no_weights as weights;

use crate::catalogue::{Arg, ArgKind, Entry, Form, Inputs};
use crate::rules::{attempt, one};
use crate::{Config, Shape, ShapeError, Text, Value, Values, resolve_axis};

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    name: "Permute",
    snake: "permute",
    module: "layers::permute",
    form: Form::Layer,
    inputs: Inputs::Exactly(1),
    args: &[Arg::required("dims", ArgKind::Ints)],
    rule,
    weights,
    ..Entry::LAYER
};

const DIMS: usize = 0;

/// Every axis of the input once, counted from 1, in the new order.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    permuted("Permute", config.ints(DIMS).as_slice(), inputs)
}

/// The rule of what puts axes into another order.
pub(crate) const fn permuted(
    layer: &str,
    order: &[i64],
    inputs: &[Value],
) -> Result<Values, ShapeError> {
    let mut value = attempt!(one(layer, inputs));
    if value.is_poison() {
        return Ok(Values::POISON);
    }
    let input = value.shape;
    let mut shape = Shape::SCALAR;
    let mut taken = [false; crate::MAX_RANK];
    let mut i = 0;
    while i < order.len() {
        let axis = attempt!(resolve_axis(layer, order[i], &input));
        if taken[axis] {
            return Err(wrong(layer, order, &input));
        }
        taken[axis] = true;
        shape = shape.push(input.dim(axis));
        i += 1;
    }
    if shape.rank() != input.rank() {
        return Err(wrong(layer, order, &input));
    }
    value.shape = shape;
    value.mask = false;
    Ok(Values::one(value))
}

const fn wrong(layer: &str, order: &[i64], input: &Shape) -> ShapeError {
    let mut reversed = Text::new("name each axis once, such as (");
    let mut axis = input.rank();
    while axis > 0 {
        reversed = reversed.int(axis as i64).str(if axis == 1 { "" } else { ", " });
        axis -= 1;
    }
    ShapeError::of(
        Text::new(layer)
            .str(": ")
            .ints(order)
            .str(" does not name every axis of ")
            .shape(input)
            .str(" once"),
    )
    .help_of(reversed.str(")"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ArgValue;
    use crate::testing::{check, f, tuple};

    #[test]
    fn every_axis_is_taken_once() {
        check(
            rule,
            &[
                (&[tuple(&[2, 1])], &[f(&[10, 64])], Ok(&[64, 10])),
                (&[tuple(&[3, 1, 2])], &[f(&[4, 5, 6])], Ok(&[6, 4, 5])),
                (&[ArgValue::Int(1)], &[f(&[5])], Ok(&[5])),
                (&[tuple(&[])], &[f(&[])], Ok(&[])),
                (&[tuple(&[2, 1])], &[f(&[Shape::ANY, 64])], Ok(&[64, Shape::ANY])),
                (
                    &[tuple(&[1, 1])],
                    &[f(&[10, 64])],
                    Err("Permute: (1, 1) does not name every axis of (10, 64) once"),
                ),
                (
                    &[ArgValue::Int(1)],
                    &[f(&[10, 64])],
                    Err("Permute: (1) does not name every axis of (10, 64) once"),
                ),
                (
                    &[tuple(&[1, 0])],
                    &[f(&[10, 64])],
                    Err("Permute: axis 0 is the sample axis, which cannot be chosen"),
                ),
                (
                    &[tuple(&[1, 3])],
                    &[f(&[10, 64])],
                    Err("Permute: there is no axis 3 in (10, 64)"),
                ),
            ],
        );
        let error = rule(&Config::new(&[tuple(&[1, 1, 2])]), &[f(&[3, 4, 5])]).unwrap_err();
        assert_eq!(error.help_text(), "name each axis once, such as (3, 2, 1)");
    }
}
