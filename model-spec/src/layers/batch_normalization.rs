//! `BatchNormalization()`: over the samples, the mean 0 and the deviation 1 for each channel.
//! <https://keras.io/api/layers/normalization_layers/batch_normalization/>

use crate::catalogue::{Arg, ArgKind, Entry, Form, Inputs};
use crate::convolution::{constraint, initializer, regularizer};
use crate::normalization::{CENTER_ARG, EPSILON_ARG, SCALE_ARG, known_axis, scale_and_center};
use crate::rules::{attempt, one_float};
use crate::{ArgValue, Config, Shape, ShapeError, Text, Value, Values, Weights};

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    name: "BatchNormalization",
    snake: "batch_normalization",
    module: "layers::batch_normalization",
    form: Form::Layer,
    inputs: Inputs::Exactly(1),
    args: &[
        Arg::new("axis", ArgKind::Int, ArgValue::Int(-1)),
        Arg::new("momentum", ArgKind::Float, ArgValue::Float(0.99)).check(check_momentum),
        EPSILON_ARG,
        CENTER_ARG,
        SCALE_ARG,
        initializer("beta_initializer", "zeros"),
        initializer("gamma_initializer", "ones"),
        initializer("moving_mean_initializer", "zeros"),
        initializer("moving_variance_initializer", "ones"),
        regularizer("beta_regularizer"),
        regularizer("gamma_regularizer"),
        constraint("beta_constraint"),
        constraint("gamma_constraint"),
    ],
    rule,
    weights,
    updates: true,
    ..Entry::LAYER
};

const AXIS: usize = 0;
const CENTER: usize = 3;
const SCALE: usize = 4;

fn check_momentum(value: ArgValue) -> Result<(), ShapeError> {
    let Some(momentum) = value.number() else { return Ok(()) };
    if (0.0..=1.0).contains(&momentum) {
        return Ok(());
    }
    Err(ShapeError::of(
        Text::new("BatchNormalization: the momentum must lie in [0, 1], but is ")
            .str(&momentum.to_string()),
    )
    .help("the momentum is the share that the moving statistics keep: 0.99 moves them slowly"))
}

/// The shape stays.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    let input = attempt!(one_float("BatchNormalization", inputs));
    if !input.is_poison() {
        attempt!(known_axis("BatchNormalization", config.int(AXIS), &input.shape));
    }
    Ok(Values::one(input))
}

/// `gamma`, `beta`, `moving_mean` and `moving_variance`, each with one number for each channel.
pub const fn weights(config: &Config<'_>, inputs: &[Value]) -> Weights {
    if inputs.is_empty() {
        return Weights::NONE;
    }
    let shape = match known_axis("", config.int(AXIS), &inputs[0].shape) {
        Ok(axis) => Shape::new(&[inputs[0].shape.dim(axis)]),
        Err(_) => return Weights::NONE,
    };
    scale_and_center(config, SCALE, CENTER, shape)
        .and("moving_mean", shape)
        .and("moving_variance", shape)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{check, f};

    #[test]
    fn the_shape_stays_and_the_channels_are_known() {
        let last = [ArgValue::Int(-1)];
        check(
            rule,
            &[
                (&last, &[f(&[8, 8, 3])], Ok(&[8, 8, 3])),
                (&last, &[f(&[Shape::ANY, 4])], Ok(&[Shape::ANY, 4])),
                (
                    &last,
                    &[f(&[4, Shape::ANY])],
                    Err("BatchNormalization needs to know the size of axis -1, and it is `_` in \
                         (4, _)"),
                ),
                (
                    &[ArgValue::Int(3)],
                    &[f(&[3, 4])],
                    Err("BatchNormalization: there is no axis 3 in (3, 4)"),
                ),
                (
                    &last,
                    &[f(&[])],
                    Err("BatchNormalization needs an axis, but the input is one number, ()"),
                ),
            ],
        );
    }

    #[test]
    fn moving_statistics_are_counted() {
        let mut args = [ArgValue::Unset; 13];
        args[AXIS] = ArgValue::Int(1);
        let count = |args: &[ArgValue]| weights(&Config::new(args), &[f(&[5, 4])]).size();
        assert_eq!(count(&args), 10);
        (args[CENTER], args[SCALE]) = (ArgValue::Bool(true), ArgValue::Bool(true));
        assert_eq!(count(&args), 20);
    }

    #[test]
    fn a_momentum_is_a_share() {
        let error = check_momentum(ArgValue::Float(99.0)).unwrap_err();
        let sentence = "BatchNormalization: the momentum must lie in [0, 1], but is 99";
        assert_eq!(error.sentence(), sentence);
        assert!(check_momentum(ArgValue::Float(f64::NAN)).is_err());
        assert!(check_momentum(ArgValue::Int(0)).is_ok());
    }
}
