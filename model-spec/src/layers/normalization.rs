//! `Normalization(axis = -1)`: the numbers of the data moved and scaled to the mean 0 and the
//! deviation 1.
//! <https://keras.io/api/layers/preprocessing_layers/numerical/normalization/>

use crate::catalogue::{Arg, ArgKind, Entry, Form, Inputs};
use crate::normalization::{known_axis, sizes_of};
use crate::rules::{attempt, not_negative, one_float};
use crate::{
    ArgValue, Config, MAX_RANK, Shape, ShapeError, Text, Value, Values, Weights, resolve_axes,
};

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    name: "Normalization",
    snake: "normalization",
    module: "layers::normalization",
    form: Form::Layer,
    inputs: Inputs::Exactly(1),
    args: &[
        Arg::new("axis", ArgKind::Ints, ArgValue::Int(-1)),
        Arg::new("mean", ArgKind::Floats, ArgValue::Unset),
        Arg::new("variance", ArgKind::Floats, ArgValue::Unset).check(check_variance),
        Arg::new("invert", ArgKind::Bool, ArgValue::Bool(false)),
    ],
    rule,
    weights,
    ..Entry::LAYER
};

const AXIS: usize = 0;
const MEAN: usize = 1;
const VARIANCE: usize = 2;

fn check_variance(value: ArgValue) -> Result<(), ShapeError> {
    let value = match value {
        ArgValue::Floats { count: 0, .. } => return Ok(()),
        ArgValue::Floats { least, .. } => ArgValue::Float(least),
        other => other,
    };
    not_negative("Normalization", "variance", value)
}

/// The shape stays.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    let input = attempt!(one_float("Normalization", inputs));
    if input.is_poison() {
        return Ok(Values::POISON);
    }
    if is_set(config, MEAN) != is_set(config, VARIANCE) {
        let error = if is_set(config, MEAN) {
            ShapeError::new("Normalization has a mean, but no variance")
        } else {
            ShapeError::new("Normalization has a variance, but no mean")
        };
        return Err(error.help("give both, or neither and call `adapt` with data"));
    }
    let axes = config.ints(AXIS);
    let mut i = 0;
    while i < axes.len() {
        attempt!(known_axis("Normalization", axes.as_slice()[i], &input.shape));
        i += 1;
    }
    let chosen = attempt!(resolve_axes("Normalization", axes.as_slice(), &input.shape));
    attempt!(given(
        config,
        if axes.is_empty() { &[false; MAX_RANK] } else { &chosen },
        &input.shape
    ));
    Ok(Values::one(input))
}

/// Refuses lists that do not fit each other or the last of the chosen axes.
const fn given(
    config: &Config<'_>,
    chosen: &[bool; MAX_RANK],
    shape: &Shape,
) -> Result<(), ShapeError> {
    let (Some(mean), Some(variance)) = (count(config, MEAN), count(config, VARIANCE)) else {
        return Ok(());
    };
    if mean != variance {
        let text = Text::new("Normalization has ").int(mean as i64);
        let text = text.str(if mean == 1 { " mean, but " } else { " means, but " });
        let text = text.int(variance as i64);
        let text = text.str(if variance == 1 { " variance" } else { " variances" });
        return Err(ShapeError::of(text).help("give each feature both, or all the same"));
    }
    let mut axis = shape.rank();
    while axis > 0 && !chosen[axis - 1] {
        axis -= 1;
    }
    if mean == 1 || (axis > 0 && shape.dim(axis - 1) == mean) {
        return Ok(());
    }
    let text = Text::new("Normalization has ").int(mean as i64).str(" means and variances, but ");
    if axis == 0 {
        let text = text.str("no axis");
        return Err(ShapeError::of(text).help("name the axis of the features, axis = -1"));
    }
    let text = text.str("axis ").int(axis as i64).str(" of ").shape(shape).str(" has the size ");
    Err(ShapeError::of(text.dim(shape.dim(axis - 1)))
        .help("give one for each position of the axis, or one number for all"))
}

/// How many numbers an argument has, where that is known.
const fn count(config: &Config<'_>, index: usize) -> Option<usize> {
    match config.get(index) {
        ArgValue::Floats { count, .. } => Some(count),
        ArgValue::Float(_) | ArgValue::Int(_) => Some(1),
        _ => None,
    }
}

const fn is_set(config: &Config<'_>, index: usize) -> bool {
    !matches!(config.get(index), ArgValue::Unset)
}

/// `mean` and `variance`, each with the sizes of the chosen axes; none where they are given.
pub const fn weights(config: &Config<'_>, inputs: &[Value]) -> Weights {
    if inputs.is_empty() || is_set(config, MEAN) || is_set(config, VARIANCE) {
        return Weights::NONE;
    }
    let axes = config.ints(AXIS);
    // No axes are all of them for `resolve_axes`; here they are one mean for all numbers.
    let shape = if axes.is_empty() {
        Some(Shape::SCALAR)
    } else {
        sizes_of(axes.as_slice(), &inputs[0].shape)
    };
    match shape {
        Some(shape) => Weights::NONE.and("mean", shape).and("variance", shape),
        None => Weights::NONE,
    }
}

#[cfg(test)]
mod tests {
    use ArgValue::{Float, Int, Unset};

    use super::*;
    use crate::testing::{check, f, tuple};

    const fn list(count: usize) -> ArgValue {
        ArgValue::Floats { count, least: 0.5, most: 0.5 }
    }

    #[test]
    fn a_variance_is_not_negative() {
        let list = |least| ArgValue::Floats { count: 2, least, most: 1.0 };
        assert_eq!(check_variance(list(0.0)), Ok(()));
        let error = check_variance(list(-1.0)).unwrap_err();
        assert_eq!(error.sentence(), "Normalization: variance must not be negative, but is -1");
    }

    #[test]
    fn the_shape_stays_and_the_axes_are_known() {
        check(
            rule,
            &[
                (&[Int(-1)], &[f(&[8, 3])], Ok(&[8, 3])),
                (&[tuple(&[])], &[f(&[Shape::ANY])], Ok(&[Shape::ANY])),
                (&[Int(-1), Float(1.0), Float(4.0)], &[f(&[8, 3])], Ok(&[8, 3])),
                (&[Int(-1), list(3), list(3)], &[f(&[8, 3])], Ok(&[8, 3])),
                (&[tuple(&[2, 1]), list(3), list(3)], &[f(&[8, 3])], Ok(&[8, 3])),
                (&[Int(1), list(1), list(1)], &[f(&[8, 3])], Ok(&[8, 3])),
                (
                    &[Int(-1), list(3), list(2)],
                    &[f(&[8, 3])],
                    Err("Normalization has 3 means, but 2 variances"),
                ),
                (
                    &[Int(-1), list(3), Float(1.0)],
                    &[f(&[8, 3])],
                    Err("Normalization has 3 means, but 1 variance"),
                ),
                (
                    &[Int(1), list(3), list(3)],
                    &[f(&[8, 3])],
                    Err("Normalization has 3 means and variances, but axis 1 of (8, 3) has the \
                         size 8"),
                ),
                (
                    &[tuple(&[]), list(3), list(3)],
                    &[f(&[8, 3])],
                    Err("Normalization has 3 means and variances, but no axis"),
                ),
                (
                    &[Int(-1), Float(1.0), Unset],
                    &[f(&[8, 3])],
                    Err("Normalization has a mean, but no variance"),
                ),
                (
                    &[Int(-1)],
                    &[f(&[Shape::ANY])],
                    Err("Normalization needs to know the size of axis -1, and it is `_` in (_)"),
                ),
            ],
        );
    }

    #[test]
    fn statistics_have_the_sizes_of_the_axes() {
        let size = |args: &[ArgValue]| weights(&Config::new(args), &[f(&[8, 3])]).size();
        assert_eq!(size(&[Int(-1)]), 6);
        assert_eq!(size(&[tuple(&[2, 1])]), 48);
        assert_eq!(size(&[tuple(&[])]), 2);
        assert_eq!(size(&[Int(-1), Float(0.0), Float(1.0)]), 0);
    }
}
