//! `RMSNormalization()`: within each sample, the root mean square 1 over the last axis or the
//! chosen ones.
//! <https://keras.io/api/layers/normalization_layers/rms_normalization/>

use crate::catalogue::{Arg, ArgKind, Entry, Form, Inputs};
use crate::normalization::{check_epsilon, chosen_axes, sizes_of};
use crate::rules::{attempt, one_float};
use crate::{ArgValue, Config, ShapeError, Value, Values, Weights};

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    name: "RMSNormalization",
    snake: "rms_normalization",
    module: "layers::rms_normalization",
    form: Form::Layer,
    inputs: Inputs::Exactly(1),
    args: &[
        Arg::new("axis", ArgKind::Ints, ArgValue::Int(-1)),
        Arg::new("epsilon", ArgKind::Float, ArgValue::Float(1e-6)).check(check_epsilon),
    ],
    rule,
    weights,
    ..Entry::LAYER
};

const AXIS: usize = 0;

/// The shape stays.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    let input = attempt!(one_float("RMSNormalization", inputs));
    if !input.is_poison() {
        let axes = config.ints(AXIS);
        attempt!(chosen_axes("RMSNormalization", axes.as_slice(), &input.shape, true));
    }
    Ok(Values::one(input))
}

/// `scale`, with the sizes of the chosen axes.
pub const fn weights(config: &Config<'_>, inputs: &[Value]) -> Weights {
    if inputs.is_empty() {
        return Weights::NONE;
    }
    match sizes_of(config.ints(AXIS).as_slice(), &inputs[0].shape) {
        Some(shape) => Weights::NONE.and("scale", shape),
        None => Weights::NONE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Shape;
    use crate::testing::{check, f, tuple};

    #[test]
    fn the_shape_stays_and_the_axes_are_known() {
        let last = [ArgValue::Int(-1)];
        check(
            rule,
            &[
                (&last, &[f(&[5, 8])], Ok(&[5, 8])),
                (&[tuple(&[1, 2])], &[f(&[5, 8])], Ok(&[5, 8])),
                (
                    &last,
                    &[f(&[Shape::ANY])],
                    Err("RMSNormalization needs to know the size of axis -1, and it is `_` in (_)"),
                ),
                (
                    &[ArgValue::Int(0)],
                    &[f(&[8])],
                    Err("RMSNormalization: axis 0 is the sample axis, which cannot be chosen"),
                ),
            ],
        );
        let weights = weights(&Config::new(&last), &[f(&[5, 8])]);
        assert_eq!(weights.as_slice(), [("scale", Shape::new(&[8]))]);
    }
}
