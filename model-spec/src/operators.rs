//! The rule of `+ - * /` and of everything else that works element by element on several values.

use crate::{Config, Shape, ShapeError, Text, Value, Values, dims_fit, require_float};

/// What two or more values become, element by element. Equal shapes stay; one number goes with anything; an axis of size 1
/// stretches to the other's where the ranks are equal.
pub const fn rule(_config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    let mut i = 0;
    let mut result = Shape::SCALAR;
    while i < inputs.len() {
        if let Err(error) = require_float("arithmetic", &inputs[i]) {
            return Err(error);
        }
        match broadcast(&result, &inputs[i].shape) {
            Ok(shape) => result = shape,
            Err(error) => return Err(error),
        }
        i += 1;
    }
    Ok(Values::shape(result))
}

/// What two shapes become, element by element.
pub const fn broadcast(a: &Shape, b: &Shape) -> Result<Shape, ShapeError> {
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
