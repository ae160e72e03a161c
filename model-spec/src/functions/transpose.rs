//! `transpose(x, axes)`: the axes in another order.
//! <https://keras.io/api/ops/numpy/>

pub use crate::no_weights as weights;

use crate::catalogue::{Arg, ArgKind, Entry, Form, Inputs};
use crate::layers::permute::permuted;
use crate::rules::{attempt, one};
use crate::{ArgValue, Config, Shape, ShapeError, Value, Values};

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    name: "transpose",
    snake: "transpose",
    module: "functions::transpose",
    form: Form::Function,
    inputs: Inputs::Exactly(1),
    args: &[Arg::new("axes", ArgKind::Ints, ArgValue::Unset)],
    rule,
    weights,
    ..Entry::LAYER
};

const AXES: usize = 0;

/// Every axis once, counted from 1, in the new order; reversed where none is given. The sample axis
/// stays.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    if !matches!(config.get(AXES), ArgValue::Unset) {
        return permuted("transpose", config.ints(AXES).as_slice(), inputs);
    }
    let mut value = attempt!(one("transpose", inputs));
    if value.is_poison() {
        return Ok(Values::POISON);
    }
    let mut reversed = Shape::SCALAR;
    let mut axis = value.shape.rank();
    while axis > 0 {
        axis -= 1;
        reversed = reversed.push(value.shape.dim(axis));
    }
    value.shape = reversed;
    value.mask = false;
    Ok(Values::one(value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{check, f, tuple};

    #[test]
    fn the_axes_change_places() {
        check(
            rule,
            &[
                (&[], &[f(&[3, 4, 5])], Ok(&[5, 4, 3])),
                (&[ArgValue::Unset], &[f(&[])], Ok(&[])),
                (&[tuple(&[1, 3, 2])], &[f(&[3, 4, 5])], Ok(&[3, 5, 4])),
                (&[tuple(&[-1, 1])], &[f(&[3, 4])], Ok(&[4, 3])),
                (
                    &[tuple(&[1, 1])],
                    &[f(&[3, 4])],
                    Err("transpose: (1, 1) does not name every axis of (3, 4) once"),
                ),
            ],
        );
    }
}
