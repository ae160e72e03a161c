//! `SeparableConv2D(filters, kernel_size)`: a kernel for each channel, then one pixel wide for all.
//! <https://keras.io/api/layers/convolution_layers/separable_convolution2d/>

use crate::catalogue::{Arg, ArgKind, Entry, Form, Inputs};
use crate::convolution::{
    ACTIVATION_ARG, USE_BIAS_ARG, constraint, features, initializer, kernel, ones, regularizer,
    with_bias,
};
use crate::image::{Places, channels, input, slid, windows};
use crate::rules::{attempt, result, size};
use crate::words::PADDING;
use crate::{ArgValue, Config, Shape, ShapeError, Value, Values, Weights};

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    name: "SeparableConv2D",
    snake: "separable_conv2d",
    module: "layers::separable_conv2d",
    form: Form::Layer,
    inputs: Inputs::Exactly(1),
    args: &[
        Arg::required("filters", ArgKind::Size),
        Arg::required("kernel_size", ArgKind::Ints),
        ones("strides"),
        Arg::new("padding", ArgKind::Word(&PADDING), ArgValue::Word("valid")),
        ones("dilation_rate"),
        Arg::new("depth_multiplier", ArgKind::Size, ArgValue::Int(1)),
        ACTIVATION_ARG,
        USE_BIAS_ARG,
        initializer("depthwise_initializer", "glorot_uniform"),
        initializer("pointwise_initializer", "glorot_uniform"),
        initializer("bias_initializer", "zeros"),
        regularizer("depthwise_regularizer"),
        regularizer("pointwise_regularizer"),
        regularizer("bias_regularizer"),
        regularizer("activity_regularizer"),
        constraint("depthwise_constraint"),
        constraint("pointwise_constraint"),
        constraint("bias_constraint"),
    ],
    rule,
    weights,
    ..Entry::LAYER
};

const FILTERS: usize = 0;
const KERNEL_SIZE: usize = 1;
const DEPTH_MULTIPLIER: usize = 5;
const USE_BIAS: usize = 7;
const PLACES: Places = Places {
    size: "kernel_size",
    kernel: KERNEL_SIZE,
    strides: 2,
    padding: 3,
    dilation_rate: Some(4),
    causal: false,
};

/// As many positions as windows fit, and `filters` channels.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    let layer = "SeparableConv2D";
    let value = attempt!(input::<2>(layer, inputs));
    if value.is_poison() {
        return Ok(Values::POISON);
    }
    let filters = attempt!(size(layer, "filters", config, FILTERS));
    let windows = attempt!(windows::<2>(layer, config, &PLACES));
    attempt!(size(layer, "depth_multiplier", config, DEPTH_MULTIPLIER));
    attempt!(channels(layer, &value.shape));
    let shape = attempt!(slid(layer, "kernel", &value.shape, &windows));
    result(layer, value.with_shape(shape.with(2, filters)))
}

/// Kernels `(height, width, channels, depth_multiplier)` and `(1, 1, channels * depth_multiplier,
/// filters)`, and a bias `(filters)`.
pub const fn weights(config: &Config<'_>, inputs: &[Value]) -> Weights {
    let (channels, multiplier) = (features(inputs), config.int(DEPTH_MULTIPLIER) as usize);
    let filters = config.int(FILTERS) as usize;
    let between = channels.saturating_mul(multiplier);
    let weights = Weights::NONE
        .and("depthwise_kernel", kernel::<2>(config, KERNEL_SIZE, channels, multiplier))
        .and("pointwise_kernel", Shape::new(&[1, 1, between, filters]));
    with_bias(weights, config, USE_BIAS, filters)
}

#[cfg(test)]
mod tests {
    use ArgValue::{Bool, Int, Unset, Word};

    use super::*;
    use crate::testing::{check, f};

    #[test]
    fn windows_become_pixels() {
        let args = [Int(6), Int(3), Int(2), Word("same"), Int(1), Int(2), Unset, Bool(true)];
        check(
            rule,
            &[
                (&args, &[f(&[9, 8, 4])], Ok(&[5, 4, 6])),
                (
                    &args[..5],
                    &[f(&[9, 8, 4])],
                    Err(
                        "SeparableConv2D: depth_multiplier must be a positive whole number, but is \
                         0",
                    ),
                ),
                (
                    &args,
                    &[f(&[9, 8])],
                    Err("SeparableConv2D takes an image (height, width, channels), but the input \
                         is (9, 8)"),
                ),
            ],
        );
        let weights = weights(&Config::new(&args), &[f(&[9, 8, 4])]);
        assert_eq!(weights.get(0), Shape::new(&[3, 3, 4, 2]));
        assert_eq!(weights.get(1), Shape::new(&[1, 1, 8, 6]));
        assert_eq!(weights.get(2), Shape::new(&[6]));
    }
}
