//! `Dot(axes, normalize = false)`: the products of two inputs along one axis of each, summed.
//! <https://keras.io/api/layers/merging_layers/dot/>

pub use crate::no_weights as weights;

use crate::catalogue::{Arg, ArgKind, Entry, Form, Inputs};
use crate::rules::{any_poison, attempt, count, push, result, same};
use crate::{
    ArgValue, Config, Shape, ShapeError, Text, Value, Values, require_float, resolve_axis,
};

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    name: "Dot",
    snake: "dot",
    module: "layers::dot",
    form: Form::Layer,
    inputs: Inputs::AtLeast(2),
    args: &[
        Arg::required("axes", ArgKind::Ints),
        Arg::new("normalize", ArgKind::Bool, ArgValue::Bool(false)),
    ],
    rule,
    weights,
    ..Entry::LAYER
};

const AXES: usize = 0;

/// The axes of the first input without its own, then those of the second without its own; `(1)`
/// where none are left.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    summed("Dot", config, inputs)
}

/// The rule under the name of a layer or function.
pub(crate) const fn summed(
    layer: &str,
    config: &Config<'_>,
    inputs: &[Value],
) -> Result<Values, ShapeError> {
    attempt!(count(layer, inputs, 2, 2));
    if any_poison(inputs) {
        return Ok(Values::POISON);
    }
    attempt!(require_float(layer, &inputs[0]));
    attempt!(require_float(layer, &inputs[1]));
    let (a, b) = (inputs[0].shape, inputs[1].shape);
    let (left, right) = match *config.ints(AXES).as_slice() {
        [axis] => (axis, axis),
        [left, right] => (left, right),
        _ => {
            return Err(ShapeError::of(
                Text::new(layer).str(" takes one axis for both inputs, or one for each"),
            )
            .help("write axes = 1, or axes = (1, 2)"));
        }
    };
    let left = attempt!(resolve_axis(layer, left, &a));
    let right = attempt!(resolve_axis(layer, right, &b));
    if same(a.dim(left), b.dim(right)).is_none() {
        return Err(ShapeError::of(
            Text::new(layer)
                .str(": the axes to sum over differ: axis ")
                .int(left as i64 + 1)
                .str(" of ")
                .shape(&a)
                .str(" is ")
                .dim(a.dim(left))
                .str(", axis ")
                .int(right as i64 + 1)
                .str(" of ")
                .shape(&b)
                .str(" is ")
                .dim(b.dim(right)),
        )
        .help(
            "choose axes of the same size: axes = (1, 2) takes 1 of the first, 2 of the second",
        ));
    }
    let shape = attempt!(push_others(layer, Shape::SCALAR, &a, left));
    let mut shape = attempt!(push_others(layer, shape, &b, right));
    if shape.rank() == 0 {
        shape = Shape::new(&[1]);
    }
    result(layer, Value::new(shape))
}

/// Appends the axes of `from` but one.
const fn push_others(
    layer: &str,
    mut shape: Shape,
    from: &Shape,
    but: usize,
) -> Result<Shape, ShapeError> {
    let mut axis = 0;
    while axis < from.rank() {
        if axis != but {
            shape = attempt!(push(layer, &shape, from.dim(axis)));
        }
        axis += 1;
    }
    Ok(shape)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{check, f, tuple};

    const ANY: usize = Shape::ANY;

    #[test]
    fn one_axis_of_each_is_summed_over() {
        let one = [ArgValue::Int(1)];
        check(
            rule,
            &[
                // The example of the Keras page: (10, 1, 2) and (10, 2, 1), axes = (1, 2).
                (&[tuple(&[1, 2])], &[f(&[1, 2]), f(&[2, 1])], Ok(&[2, 2])),
                (&one, &[f(&[5]), f(&[5])], Ok(&[1])),
                (&[ArgValue::Int(-1)], &[f(&[3, 5]), f(&[5])], Ok(&[3])),
                (&[tuple(&[2, 1])], &[f(&[3, 5]), f(&[5, 4])], Ok(&[3, 4])),
                (&one, &[f(&[ANY, 5]), f(&[7, 4])], Ok(&[5, 4])),
                (
                    &one,
                    &[f(&[3, 5]), f(&[5, 4])],
                    Err("Dot: the axes to sum over differ: axis 1 of (3, 5) is 3, axis 1 of \
                         (5, 4) is 5"),
                ),
                (&one, &[f(&[3])], Err("Dot takes 2 inputs, but got 1")),
                (&one, &[f(&[3]), f(&[3]), f(&[3])], Err("Dot takes 2 inputs, but got 3")),
                (
                    &one,
                    &[f(&[]), f(&[3])],
                    Err("Dot needs an axis, but the input is one number, ()"),
                ),
                (
                    &[tuple(&[1, 1, 1])],
                    &[f(&[3]), f(&[3])],
                    Err("Dot takes one axis for both inputs, or one for each"),
                ),
                (
                    &one,
                    &[f(&[1; 8]), f(&[1; 8])],
                    Err("Dot: a value has at most 8 axes, and this would have more"),
                ),
            ],
        );
    }
}
