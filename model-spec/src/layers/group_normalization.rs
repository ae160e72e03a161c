//! `GroupNormalization()`: within each sample, the mean 0 and the deviation 1 for each group of
//! channels.
//! <https://keras.io/api/layers/normalization_layers/group_normalization/>

use crate::catalogue::{Arg, ArgKind, Entry, Form, Inputs};
use crate::convolution::{constraint, initializer, regularizer};
use crate::normalization::{CENTER_ARG, EPSILON_ARG, SCALE_ARG, known_axis, scale_and_center};
use crate::rules::{attempt, one_float};
use crate::{ArgValue, Config, Shape, ShapeError, Text, Value, Values, Weights};

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    name: "GroupNormalization",
    snake: "group_normalization",
    module: "layers::group_normalization",
    form: Form::Layer,
    inputs: Inputs::Exactly(1),
    args: &[
        Arg::new("groups", ArgKind::Int, ArgValue::Int(32)),
        Arg::new("axis", ArgKind::Int, ArgValue::Int(-1)),
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

const GROUPS: usize = 0;
const AXIS: usize = 1;
const CENTER: usize = 3;
const SCALE: usize = 4;

/// The shape stays.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    let input = attempt!(one_float("GroupNormalization", inputs));
    if input.is_poison() {
        return Ok(Values::POISON);
    }
    let axis = attempt!(known_axis("GroupNormalization", config.int(AXIS), &input.shape));
    let (groups, channels) = (config.int(GROUPS), input.shape.dim(axis) as i64);
    if groups == -1 || groups > 0 && channels % groups == 0 {
        return Ok(Values::one(input));
    }
    if groups < 1 {
        return Err(ShapeError::of(
            Text::new("GroupNormalization: groups must be a positive whole number or -1, but is ")
                .int(groups),
        )
        .help("-1 makes a group of each channel"));
    }
    Err(ShapeError::of(
        Text::new("GroupNormalization: ")
            .int(groups)
            .str(" groups cannot share the ")
            .int(channels)
            .str(" channels of ")
            .shape(&input.shape),
    )
    .help_of(
        Text::new("write groups = ")
            .int(if channels % 2 == 0 { 2 } else { channels })
            .str(" or another divisor of the channels, or -1 to make a group of each channel"),
    ))
}

/// `gamma` and `beta`, each with one number for each channel.
pub const fn weights(config: &Config<'_>, inputs: &[Value]) -> Weights {
    if inputs.is_empty() {
        return Weights::NONE;
    }
    match known_axis("", config.int(AXIS), &inputs[0].shape) {
        Ok(axis) => {
            let shape = Shape::new(&[inputs[0].shape.dim(axis)]);
            scale_and_center(config, SCALE, CENTER, shape)
        }
        Err(_) => Weights::NONE,
    }
}

#[cfg(test)]
mod tests {
    use ArgValue::Int;

    use super::*;
    use crate::testing::{check, f};

    #[test]
    fn groups_divide_the_channels() {
        let args = |groups| [Int(groups), Int(-1)];
        check(
            rule,
            &[
                (&args(32), &[f(&[8, 8, 64])], Ok(&[8, 8, 64])),
                (&args(-1), &[f(&[8, 8, 3])], Ok(&[8, 8, 3])),
                (&[Int(4), Int(1)], &[f(&[8, 3])], Ok(&[8, 3])),
                (
                    &args(32),
                    &[f(&[8, 8, 48])],
                    Err("GroupNormalization: 32 groups cannot share the 48 channels of (8, 8, 48)"),
                ),
                (
                    &args(0),
                    &[f(&[8])],
                    Err(
                        "GroupNormalization: groups must be a positive whole number or -1, but is \
                         0",
                    ),
                ),
                (
                    &args(2),
                    &[f(&[Shape::ANY])],
                    Err("GroupNormalization needs to know the size of axis -1, and it is `_` in \
                         (_)"),
                ),
            ],
        );
    }
}
