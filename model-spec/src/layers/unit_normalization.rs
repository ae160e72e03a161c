//! `UnitNormalization()`: within each sample, the length 1 over the last axis or the chosen ones.
//! <https://keras.io/api/layers/normalization_layers/unit_normalization/>

pub use crate::no_weights as weights;

use crate::catalogue::{Arg, ArgKind, Entry, Form, Inputs};
use crate::normalization::chosen_axes;
use crate::rules::{attempt, one_float};
use crate::{ArgValue, Config, ShapeError, Value, Values};

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    name: "UnitNormalization",
    snake: "unit_normalization",
    module: "layers::unit_normalization",
    form: Form::Layer,
    inputs: Inputs::Exactly(1),
    args: &[Arg::new("axis", ArgKind::Ints, ArgValue::Int(-1))],
    rule,
    weights,
    ..Entry::LAYER
};

const AXIS: usize = 0;

/// The shape stays.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    let input = attempt!(one_float("UnitNormalization", inputs));
    if !input.is_poison() {
        let axes = config.ints(AXIS);
        attempt!(chosen_axes("UnitNormalization", axes.as_slice(), &input.shape, false));
    }
    Ok(Values::one(input))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Shape;
    use crate::testing::{check, f, tuple};

    #[test]
    fn the_shape_stays_and_the_axes_exist() {
        check(
            rule,
            &[
                (&[ArgValue::Int(-1)], &[f(&[Shape::ANY])], Ok(&[Shape::ANY])),
                (&[tuple(&[1, 2])], &[f(&[5, 8])], Ok(&[5, 8])),
                (
                    &[tuple(&[1, 3])],
                    &[f(&[5, 8])],
                    Err("UnitNormalization: there is no axis 3 in (5, 8)"),
                ),
            ],
        );
    }
}
