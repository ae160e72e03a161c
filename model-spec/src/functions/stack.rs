//! `stack([a, b], axis = -1)`: values side by side along a new axis.
//! <https://keras.io/api/ops/numpy/>

pub use crate::no_weights as weights;

use crate::catalogue::{Arg, ArgKind, Entry, Form, Inputs};
use crate::functions::expand_dims::expanded;
use crate::layers::concatenate::{same_kind, same_rank};
use crate::rules::{any_poison, attempt, count, result, same};
use crate::{ArgValue, Config, Shape, ShapeError, Text, Value, Values};

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    name: "stack",
    snake: "stack",
    module: "functions::stack",
    form: Form::Function,
    inputs: Inputs::AtLeast(1),
    args: &[Arg::new("axis", ArgKind::Int, ArgValue::Int(-1))],
    rule,
    weights,
    ..Entry::LAYER
};

const AXIS: usize = 0;

/// The shape that all inputs have, with their number as a new axis.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    attempt!(count("stack", inputs, 1, usize::MAX));
    if any_poison(inputs) {
        return Ok(Values::POISON);
    }
    let mut shape = inputs[0].shape;
    let mut i = 1;
    while i < inputs.len() {
        attempt!(same_kind("stack", &inputs[0], &inputs[i]));
        shape = attempt!(equal(&shape, &inputs[i].shape));
        i += 1;
    }
    let shape = attempt!(expanded("stack", config.int(AXIS), &shape, inputs.len()));
    result("stack", Value { shape, kind: inputs[0].kind, mask: false })
}

const fn equal(a: &Shape, b: &Shape) -> Result<Shape, ShapeError> {
    attempt!(same_rank("stack", a, b));
    let mut shape = *a;
    let mut axis = 0;
    while axis < a.rank() {
        match same(a.dim(axis), b.dim(axis)) {
            Some(size) => shape = shape.with(axis, size),
            None => {
                return Err(ShapeError::of(
                    Text::new("the inputs of stack must have the same shape, but are ")
                        .shape(a)
                        .str(" and ")
                        .shape(b),
                )
                .help("to join them along an axis that they have, write concatenate"));
            }
        }
        axis += 1;
    }
    Ok(shape)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{check, f};

    #[test]
    fn a_new_axis_counts_the_inputs() {
        let last = [ArgValue::Int(-1)];
        let first = [ArgValue::Int(1)];
        check(
            rule,
            &[
                (&last, &[f(&[3, 4]), f(&[3, 4])], Ok(&[3, 4, 2])),
                (&first, &[f(&[3, 4]), f(&[3, 4])], Ok(&[2, 3, 4])),
                (&last, &[f(&[]), f(&[]), f(&[])], Ok(&[3])),
                (&first, &[f(&[Shape::ANY]), f(&[5])], Ok(&[2, 5])),
                (
                    &last,
                    &[f(&[3]), f(&[4])],
                    Err("the inputs of stack must have the same shape, but are (3) and (4)"),
                ),
                (
                    &[ArgValue::Int(3)],
                    &[f(&[3])],
                    Err("stack: there is no axis 3 in a result with 2"),
                ),
                (
                    &last,
                    &[f(&[1; 8])],
                    Err("stack: a value has at most 8 axes, and this would have more"),
                ),
            ],
        );
    }
}
