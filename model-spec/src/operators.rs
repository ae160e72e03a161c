//! The rule of `+ - * /` and of everything else that works element by element on several values.

pub use crate::no_weights as weights;

use crate::rules::{Axes, any_mask, any_poison, attempt, count, result};
use crate::{Config, Shape, ShapeError, Text, Value, Values, dims_fit, require_float};

/// What two or more values become, element by element. Equal shapes stay; one number goes with
/// anything; an axis of size 1 stretches to the other's where the ranks are equal. The result
/// carries a mask where one of the values does.
pub const fn rule(_config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    let mut value = Value::new(attempt!(combine("arithmetic", inputs)));
    value.mask = any_mask(inputs);
    result("arithmetic", value)
}

/// What a merge layer returns for two to `most` inputs: the rule of the operators, and a mask
/// where one of the inputs carries one.
pub(crate) const fn merge(
    layer: &str,
    inputs: &[Value],
    most: usize,
) -> Result<Values, ShapeError> {
    attempt!(count(layer, inputs, 2, most));
    let mut value = Value::new(attempt!(combine(layer, inputs)));
    value.mask = any_mask(inputs);
    result(layer, value)
}

const fn combine(layer: &str, inputs: &[Value]) -> Result<Shape, ShapeError> {
    if any_poison(inputs) {
        return Ok(Shape::POISON);
    }
    let mut shape = Shape::SCALAR;
    let mut i = 0;
    while i < inputs.len() {
        attempt!(require_float(layer, &inputs[i]));
        shape = attempt!(broadcast(&shape, &inputs[i].shape));
        i += 1;
    }
    Ok(shape)
}

/// What two shapes become, element by element; poison if one of them is.
pub const fn broadcast(a: &Shape, b: &Shape) -> Result<Shape, ShapeError> {
    if a.is_poison() || b.is_poison() {
        return Ok(Shape::POISON);
    }
    if a.rank() == 0 {
        return Ok(*b);
    }
    if b.rank() == 0 {
        return Ok(*a);
    }
    if a.rank() != b.rank() {
        return Err(ShapeError::of(
            Text::new("these values cannot be combined element by element: ")
                .shape(a)
                .str(" has ")
                .int(a.rank() as i64)
                .str(if a.rank() == 1 { " axis, " } else { " axes, " })
                .shape(b)
                .str(" has ")
                .int(b.rank() as i64),
        )
        .help("give them the same number of axes with Reshape or Flatten"));
    }
    let (mut shape, mut axes) = (*a, Axes::NONE);
    let mut axis = 0;
    while axis < a.rank() {
        let (left, right) = (a.dim(axis), b.dim(axis));
        if left == 1 || (left == Shape::ANY && right != 1) {
            shape = shape.with(axis, right);
        } else if right != 1 && !dims_fit(left, right) {
            axes = axes.and(axis);
        }
        axis += 1;
    }
    if axes.count > 0 {
        return Err(differing(a, b, &axes));
    }
    Ok(shape)
}

/// The error of two shapes of the same rank that differ in these axes.
const fn differing(a: &Shape, b: &Shape, axes: &Axes) -> ShapeError {
    let text = Text::new("these values cannot be combined element by element: ");
    let text = axes.name(text);
    let mut first = 0;
    while !axes.differ[first] {
        first += 1;
    }
    let text = if axes.count == 1 {
        text.str(" is ")
            .dim(a.dim(first))
            .str(" in ")
            .shape(a)
            .str(" and ")
            .dim(b.dim(first))
            .str(" in ")
            .shape(b)
    } else {
        text.str(" differ in ").shape(a).str(" and ").shape(b)
    };
    let help = Text::new(if axes.count == 1 { "make that axis" } else { "make these axes" });
    let help = help.str(" equal in both, for example with ");
    let channels = a.last();
    ShapeError::of(text).help_of(match (axes.differ[a.rank() - 1], axes.count, a.rank()) {
        (true, 1, 3) if channels != Shape::ANY => {
            help.str("Conv2D(").dim(channels).str(", 1) or a slice")
        }
        (true, 1, _) => help.str("a Dense or a slice"),
        (true, ..) => help.str("padding = same, the same strides and the same filters"),
        (false, ..) => help.str("padding = same and the same strides, or a slice"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{check, f};

    const ANY: usize = Shape::ANY;

    #[test]
    fn shapes_meet_element_by_element() {
        check(
            rule,
            &[
                (&[], &[f(&[3, 4]), f(&[3, 4])], Ok(&[3, 4])),
                (&[], &[f(&[3, 4]), f(&[])], Ok(&[3, 4])),
                (&[], &[f(&[]), f(&[3])], Ok(&[3])),
                (&[], &[f(&[])], Ok(&[])),
                (&[], &[f(&[3, 1]), f(&[1, 4])], Ok(&[3, 4])),
                (&[], &[f(&[ANY, 2]), f(&[1, 2])], Ok(&[ANY, 2])),
                (&[], &[f(&[1, 2]), f(&[ANY, 2])], Ok(&[ANY, 2])),
                (&[], &[f(&[ANY, 2]), f(&[5, 2])], Ok(&[5, 2])),
                (&[], &[f(&[5, 2]), f(&[ANY, 2])], Ok(&[5, 2])),
                (
                    &[],
                    &[f(&[32, 32, 32]), f(&[32, 32, 16])],
                    Err("these values cannot be combined element by element: axis 3 is 32 in \
                         (32, 32, 32) and 16 in (32, 32, 16)"),
                ),
                (
                    &[],
                    &[f(&[14, 14, 1, 8]), f(&[28, 7, 5, 16])],
                    Err("these values cannot be combined element by element: axes 1, 2 and 4 \
                         differ in (14, 14, 1, 8) and (28, 7, 5, 16)"),
                ),
                (
                    &[],
                    &[f(&[3]), f(&[4, 3])],
                    Err("these values cannot be combined element by element: (3) has 1 axis, \
                         (4, 3) has 2"),
                ),
                (
                    &[],
                    &[f(&[3]), Value::index(&[3])],
                    Err("arithmetic computes with numbers, but the input is an index \
                         (dtype = int32)"),
                ),
            ],
        );
    }

    #[test]
    fn helps_go_by_the_axes_that_differ() {
        for (a, b, help) in [
            (
                &[32][..],
                &[64][..],
                "make that axis equal in both, for example with a Dense or a slice",
            ),
            (
                &[8, 8, 32],
                &[8, 8, 16],
                "make that axis equal in both, for example with Conv2D(32, 1) or a slice",
            ),
            (
                &[8, 8, 32],
                &[4, 4, 32],
                "make these axes equal in both, for example with padding = same and the same \
                 strides, or a slice",
            ),
            (
                &[8, 8, 32],
                &[4, 4, 16],
                "make these axes equal in both, for example with padding = same, the same strides \
                 and the same filters",
            ),
        ] {
            let error = rule(&Config::new(&[]), &[Value::float(a), Value::float(b)]).unwrap_err();
            assert_eq!(error.help_text(), help);
        }
    }

    #[test]
    fn poison_stays_poison_in_every_place() {
        let config = Config::new(&[]);
        for inputs in [[Value::POISON, f(&[3])], [f(&[3]), Value::POISON]] {
            assert_eq!(rule(&config, &inputs), Ok(Values::POISON));
        }
    }
}
