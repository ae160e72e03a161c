//! `expand_dims(x, axis)`: one more axis, of size 1.
//! <https://keras.io/api/ops/numpy/>

pub use crate::no_weights as weights;

use crate::catalogue::{Arg, ArgKind, Entry, Form, Inputs};
use crate::rules::{attempt, one, push};
use crate::{Config, Shape, ShapeError, Text, Value, Values};

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    name: "expand_dims",
    snake: "expand_dims",
    module: "functions::expand_dims",
    form: Form::Function,
    inputs: Inputs::Exactly(1),
    args: &[Arg::required("axis", ArgKind::Int)],
    rule,
    weights,
    ..Entry::LAYER
};

const AXIS: usize = 0;

/// The shape with a 1 where `axis` counts to in the result.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    let mut value = attempt!(one("expand_dims", inputs));
    if value.is_poison() {
        return Ok(Values::POISON);
    }
    value.shape = attempt!(expanded("expand_dims", config.int(AXIS), &value.shape, 1));
    value.mask = false;
    Ok(Values::one(value))
}

/// The shape with one more axis, where `axis` counts to in the result.
pub(crate) const fn expanded(
    function: &str,
    axis: i64,
    shape: &Shape,
    dim: usize,
) -> Result<Shape, ShapeError> {
    // Refuses a shape that is full.
    attempt!(push(function, shape, dim));
    let rank = shape.rank() as i64 + 1;
    let position = if axis < 0 { axis + rank + 1 } else { axis };
    if position == 0 {
        return Err(ShapeError::of(
            Text::new(function)
                .str(": axis ")
                .int(axis)
                .str(" is the sample axis, which cannot be chosen"),
        )
        .help("axes count from 1, the first after the samples; -1 is the last"));
    }
    if position < 0 || position > rank {
        return Err(ShapeError::of(
            Text::new(function)
                .str(": there is no axis ")
                .int(axis)
                .str(" in a result with ")
                .int(rank),
        )
        .help_of(Text::new("axes count from 1 to ").int(rank).str("; -1 is the last")));
    }
    let mut result = Shape::SCALAR;
    let mut at = 0;
    while at < rank {
        if at + 1 == position {
            result = result.push(dim);
        }
        if at < rank - 1 {
            result = result.push(shape.dim(at as usize));
        }
        at += 1;
    }
    Ok(result)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ArgValue;
    use crate::testing::{check, f};

    #[test]
    fn an_axis_of_size_one_is_put_in() {
        check(
            rule,
            &[
                (&[ArgValue::Int(1)], &[f(&[3, 4])], Ok(&[1, 3, 4])),
                (&[ArgValue::Int(2)], &[f(&[3, 4])], Ok(&[3, 1, 4])),
                (&[ArgValue::Int(-1)], &[f(&[3, 4])], Ok(&[3, 4, 1])),
                (&[ArgValue::Int(-3)], &[f(&[3, 4])], Ok(&[1, 3, 4])),
                (&[ArgValue::Int(1)], &[f(&[])], Ok(&[1])),
                (
                    &[ArgValue::Int(0)],
                    &[f(&[3])],
                    Err("expand_dims: axis 0 is the sample axis, which cannot be chosen"),
                ),
                (
                    &[ArgValue::Int(4)],
                    &[f(&[3, 4])],
                    Err("expand_dims: there is no axis 4 in a result with 3"),
                ),
            ],
        );
    }
}
