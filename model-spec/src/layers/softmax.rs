//! `Softmax(axis = -1)`: along an axis, positive numbers whose sum is 1.
//! <https://keras.io/api/layers/activation_layers/softmax/>

pub use crate::no_weights as weights;

use crate::catalogue::{Arg, ArgKind, Entry, Form, Inputs};
use crate::rules::{attempt, one_float};
use crate::{ArgValue, Config, ShapeError, Value, Values, resolve_axis};

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    name: "Softmax",
    snake: "softmax",
    module: "layers::softmax",
    form: Form::Layer,
    inputs: Inputs::Exactly(1),
    args: &[Arg::new("axis", ArgKind::Int, ArgValue::Int(-1))],
    rule,
    weights,
    ..Entry::LAYER
};

const AXIS: usize = 0;

/// The shape stays.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    along_axis("Softmax", config.int(AXIS), inputs)
}

/// The rule of what works along an axis and keeps the shape.
pub(crate) const fn along_axis(
    layer: &str,
    axis: i64,
    inputs: &[Value],
) -> Result<Values, ShapeError> {
    let input = attempt!(one_float(layer, inputs));
    if !input.is_poison() {
        attempt!(resolve_axis(layer, axis, &input.shape));
    }
    Ok(Values::one(input))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{check, f};

    #[test]
    fn the_shape_stays_and_the_axis_exists() {
        check(
            rule,
            &[
                (&[ArgValue::Int(-1)], &[f(&[3, 4])], Ok(&[3, 4])),
                (&[ArgValue::Int(1)], &[f(&[3, 4])], Ok(&[3, 4])),
                (&[ArgValue::Int(3)], &[f(&[3, 4])], Err("Softmax: there is no axis 3 in (3, 4)")),
                (
                    &[ArgValue::Int(0)],
                    &[f(&[3, 4])],
                    Err("Softmax: axis 0 is the sample axis, which cannot be chosen"),
                ),
                (
                    &[ArgValue::Int(-1)],
                    &[f(&[])],
                    Err("Softmax needs an axis, but the input is one number, ()"),
                ),
            ],
        );
    }
}
