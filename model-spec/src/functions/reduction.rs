//! `mean(x, axis, keepdims = false)` and other functions that make one number out of many.
//! <https://keras.io/api/ops/numpy/>

pub use crate::no_weights as weights;

use crate::catalogue::{Arg, ArgKind, Entry, Form, Inputs};
use crate::rules::{attempt, one_float};
use crate::{ArgValue, Config, Shape, ShapeError, Tuple, Value, Values, resolve_axes};

const ARGS: &[Arg] = &[
    Arg::new("axis", ArgKind::Ints, ArgValue::Unset),
    Arg::new("keepdims", ArgKind::Bool, ArgValue::Bool(false)),
];

const fn entry(name: &'static str) -> Entry {
    Entry {
        name,
        snake: name,
        module: "functions::reduction",
        form: Form::Function,
        inputs: Inputs::Exactly(1),
        args: ARGS,
        rule,
        weights,
        ..Entry::LAYER
    }
}

/// `sum(x)`: the sum.
pub const SUM: Entry = entry("sum");
/// `mean(x)`: the sum divided by the count.
pub const MEAN: Entry = entry("mean");
/// `max(x)`: the largest.
pub const MAX: Entry = entry("max");
/// `min(x)`: the smallest.
pub const MIN: Entry = entry("min");
/// `var(x)`: the mean of the squared distances from the mean.
pub const VAR: Entry = entry("var");
/// `std(x)`: the square root of `var`.
pub const STD: Entry = entry("std");
/// `prod(x)`: the product.
pub const PROD: Entry = entry("prod");
/// `logsumexp(x)`: the logarithm of the sum of `exp(x)`, without an overflow.
pub const LOGSUMEXP: Entry = entry("logsumexp");

const AXIS: usize = 0;
const KEEPDIMS: usize = 1;

/// The shape without the axes, or with 1 in their place; all axes but the sample's where none is
/// given.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    reduced("a reduction", &config.ints(AXIS), config.bool(KEEPDIMS), inputs)
}

/// The rule of what makes one number out of those along some axes.
pub(crate) const fn reduced(
    function: &str,
    axes: &Tuple,
    keepdims: bool,
    inputs: &[Value],
) -> Result<Values, ShapeError> {
    let input = attempt!(one_float(function, inputs));
    if input.is_poison() {
        return Ok(Values::POISON);
    }
    let chosen = attempt!(resolve_axes(function, axes.as_slice(), &input.shape));
    let mut shape = Shape::SCALAR;
    let mut axis = 0;
    while axis < input.shape.rank() {
        if !chosen[axis] {
            shape = shape.push(input.shape.dim(axis));
        } else if keepdims {
            shape = shape.push(1);
        }
        axis += 1;
    }
    Ok(Values::shape(shape))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{check, f, tuple};

    #[test]
    fn the_chosen_axes_go_away() {
        let keep = ArgValue::Bool(true);
        check(
            rule,
            &[
                (&[], &[f(&[3, 4])], Ok(&[])),
                (&[ArgValue::Unset, keep], &[f(&[3, 4])], Ok(&[1, 1])),
                (&[ArgValue::Int(1)], &[f(&[3, 4])], Ok(&[4])),
                (&[ArgValue::Int(-1), keep], &[f(&[3, 4])], Ok(&[3, 1])),
                (&[tuple(&[1, 2])], &[f(&[28, 28, 3])], Ok(&[3])),
                (&[ArgValue::Int(1)], &[f(&[Shape::ANY, 4])], Ok(&[4])),
                (&[ArgValue::Int(2)], &[f(&[Shape::ANY, 4])], Ok(&[Shape::ANY])),
                (&[], &[f(&[])], Ok(&[])),
                (
                    &[ArgValue::Int(0)],
                    &[f(&[3, 4])],
                    Err("a reduction: axis 0 is the sample axis, which cannot be chosen"),
                ),
                (&[tuple(&[2, -1])], &[f(&[3, 4])], Err("a reduction: axis -1 is chosen twice")),
            ],
        );
    }
}
