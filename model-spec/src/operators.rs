//! The rule of `+ - * /` and of everything else that works element by element on several values.

pub use crate::no_weights as weights;

use crate::rules::{any_mask, any_poison, attempt, count, result};
use crate::{Config, Shape, ShapeError, Text, Value, Values, dims_fit, require_float};

/// What two or more values become, element by element. Equal shapes stay; one number goes with
/// anything; an axis of size 1 stretches to the other's where the ranks are equal. The result carries
/// a mask where one of the values does.
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
    let mut shape = *a;
    let mut axis = 0;
    while axis < a.rank() {
        let (left, right) = (a.dim(axis), b.dim(axis));
        if left == 1 || (left == Shape::ANY && right != 1) {
            shape = shape.with(axis, right);
        } else if right != 1 && !dims_fit(left, right) {
            return Err(ShapeError::of(
                Text::new("these values cannot be combined element by element: axis ")
                    .int(axis as i64 + 1)
                    .str(" is ")
                    .dim(left)
                    .str(" in ")
                    .shape(a)
                    .str(" and ")
                    .dim(right)
                    .str(" in ")
                    .shape(b),
            )
            .help("make that axis equal in both, for example with a Dense or a slice"));
        }
        axis += 1;
    }
    Ok(shape)
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
    fn poison_stays_poison_in_every_place() {
        let config = Config::new(&[]);
        for inputs in [[Value::POISON, f(&[3])], [f(&[3]), Value::POISON]] {
            assert_eq!(rule(&config, &inputs), Ok(Values::POISON));
        }
    }
}
