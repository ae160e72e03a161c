//! `LayerNormalization()`: within each sample, the mean 0 and the deviation 1 over the last axis or
//! the chosen ones.
//! <https://keras.io/api/layers/normalization_layers/layer_normalization/>

use crate::catalogue::{Arg, ArgKind, Entry, Form, Inputs};
use crate::convolution::{constraint, initializer, regularizer};
use crate::normalization::{
    CENTER_ARG, EPSILON_ARG, SCALE_ARG, chosen_axes, scale_and_center, sizes_of,
};
use crate::rules::{attempt, one_float};
use crate::{ArgValue, Config, ShapeError, Value, Values, Weights};

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    name: "LayerNormalization",
    snake: "layer_normalization",
    module: "layers::layer_normalization",
    form: Form::Layer,
    inputs: Inputs::Exactly(1),
    args: &[
        Arg::new("axis", ArgKind::Ints, ArgValue::Int(-1)),
        EPSILON_ARG,
        CENTER_ARG,
        SCALE_ARG,
        initializer("beta_initializer", "zeros"),
        initializer("gamma_initializer", "ones"),
        regularizer("beta_regularizer"),
        regularizer("gamma_regularizer"),
        constraint("beta_constraint"),
        constraint("gamma_constraint"),
    ],
    rule,
    weights,
    ..Entry::LAYER
};

const AXIS: usize = 0;
const CENTER: usize = 2;
const SCALE: usize = 3;

/// The shape stays.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    let input = attempt!(one_float("LayerNormalization", inputs));
    if !input.is_poison() {
        let weights = config.bool(CENTER) || config.bool(SCALE);
        let axes = config.ints(AXIS);
        attempt!(chosen_axes("LayerNormalization", axes.as_slice(), &input.shape, weights));
    }
    Ok(Values::one(input))
}

/// `gamma` and `beta`, each with the sizes of the chosen axes.
pub const fn weights(config: &Config<'_>, inputs: &[Value]) -> Weights {
    if inputs.is_empty() {
        return Weights::NONE;
    }
    match sizes_of(config.ints(AXIS).as_slice(), &inputs[0].shape) {
        Some(shape) => scale_and_center(config, SCALE, CENTER, shape),
        None => Weights::NONE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Shape;
    use crate::testing::{check, f, tuple};

    #[test]
    fn the_shape_stays_and_the_axes_exist() {
        let yes = ArgValue::Bool(true);
        let last = [ArgValue::Int(-1), ArgValue::Unset, yes, yes];
        check(
            rule,
            &[
                (&last, &[f(&[5, 8])], Ok(&[5, 8])),
                (&last, &[f(&[Shape::ANY, 8])], Ok(&[Shape::ANY, 8])),
                (&[tuple(&[1, 2])], &[f(&[Shape::ANY, 8])], Ok(&[Shape::ANY, 8])),
                (
                    &last,
                    &[f(&[8, Shape::ANY])],
                    Err("LayerNormalization needs to know the size of axis -1, and it is `_` in \
                         (8, _)"),
                ),
                (
                    &[tuple(&[2, -1])],
                    &[f(&[5, 8])],
                    Err("LayerNormalization: axis -1 is chosen twice"),
                ),
                (&[tuple(&[])], &[f(&[5])], Err("LayerNormalization: `axis` names no axis")),
            ],
        );
    }

    #[test]
    fn weights_have_the_sizes_of_the_axes_in_the_order_of_the_input() {
        let yes = ArgValue::Bool(true);
        let args = [tuple(&[-1, 1]), ArgValue::Unset, yes, yes];
        let weights = weights(&Config::new(&args), &[f(&[5, 6, 7])]);
        let shape = Shape::new(&[5, 7]);
        assert_eq!(weights.as_slice(), [("gamma", shape), ("beta", shape)]);
    }
}
