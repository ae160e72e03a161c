//! `DepthwiseConv2D(kernel_size)`: kernels of its own for each channel.
//! <https://keras.io/api/layers/convolution_layers/depthwise_convolution2d/>

use crate::catalogue::{Arg, ArgKind, Entry, Form, Inputs};
use crate::convolution::{
    ACTIVATION_ARG, USE_BIAS_ARG, constraint, features, initializer, kernel, ones, regularizer,
    with_bias,
};
use crate::image::{Places, channels, input, slid, windows};
use crate::rules::{attempt, result, size};
use crate::words::PADDING;
use crate::{ArgValue, Config, ShapeError, Value, Values, Weights};

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    name: "DepthwiseConv2D",
    snake: "depthwise_conv2d",
    module: "layers::depthwise_conv2d",
    form: Form::Layer,
    inputs: Inputs::Exactly(1),
    args: &[
        Arg::required("kernel_size", ArgKind::Ints),
        ones("strides"),
        Arg::new("padding", ArgKind::Word(&PADDING), ArgValue::Word("valid")),
        Arg::new("depth_multiplier", ArgKind::Size, ArgValue::Int(1)),
        ones("dilation_rate"),
        ACTIVATION_ARG,
        USE_BIAS_ARG,
        initializer("depthwise_initializer", "glorot_uniform"),
        initializer("bias_initializer", "zeros"),
        regularizer("depthwise_regularizer"),
        regularizer("bias_regularizer"),
        regularizer("activity_regularizer"),
        constraint("depthwise_constraint"),
        constraint("bias_constraint"),
    ],
    rule,
    weights,
    ..Entry::LAYER
};

const KERNEL_SIZE: usize = 0;
const DEPTH_MULTIPLIER: usize = 3;
const USE_BIAS: usize = 6;
const PLACES: Places = Places {
    size: "kernel_size",
    kernel: KERNEL_SIZE,
    strides: 1,
    padding: 2,
    dilation_rate: Some(4),
    causal: false,
};

/// As many positions as windows fit, and `depth_multiplier` channels for each channel.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    let layer = "DepthwiseConv2D";
    let value = attempt!(input::<2>(layer, inputs));
    if value.is_poison() {
        return Ok(Values::POISON);
    }
    let windows = attempt!(windows::<2>(layer, config, &PLACES));
    let multiplier = attempt!(size(layer, "depth_multiplier", config, DEPTH_MULTIPLIER));
    let channels = attempt!(channels(layer, &value.shape));
    let shape = attempt!(slid(layer, "kernel", &value.shape, &windows));
    let channels = crate::window::known(channels as u128 * multiplier as u128);
    result(layer, value.with_shape(shape.with(2, channels)))
}

/// A kernel `(height, width, channels, depth_multiplier)` and a bias for each channel that comes
/// out.
pub const fn weights(config: &Config<'_>, inputs: &[Value]) -> Weights {
    let (channels, multiplier) = (features(inputs), config.int(DEPTH_MULTIPLIER) as usize);
    let kernel = kernel::<2>(config, KERNEL_SIZE, channels, multiplier);
    let outputs = channels.saturating_mul(multiplier);
    with_bias(Weights::NONE.and("kernel", kernel), config, USE_BIAS, outputs)
}

#[cfg(test)]
mod tests {
    use ArgValue::{Bool, Int, Unset, Word};

    use super::*;
    use crate::Shape;
    use crate::testing::{check, f};

    #[test]
    fn channels_are_multiplied() {
        check(
            rule,
            &[
                (&[Int(3), Int(1), Word("valid"), Int(1)], &[f(&[9, 8, 4])], Ok(&[7, 6, 4])),
                (&[Int(3), Int(2), Word("same"), Int(3)], &[f(&[9, 8, 4])], Ok(&[5, 4, 12])),
                (
                    &[Int(3), Int(1), Word("valid"), Int(0)],
                    &[f(&[9, 8, 4])],
                    Err(
                        "DepthwiseConv2D: depth_multiplier must be a positive whole number, but is \
                         0",
                    ),
                ),
                (
                    &[Int(9), Int(1), Word("valid"), Int(1)],
                    &[f(&[9, 8, 4])],
                    Err("DepthwiseConv2D: the kernel (9, 9) is larger than the image (9, 8)"),
                ),
            ],
        );
        let args = [Int(3), Int(1), Word("valid"), Int(2), Int(1), Unset, Bool(true)];
        let weights = weights(&Config::new(&args), &[f(&[9, 8, 4])]);
        assert_eq!(weights.get(0), Shape::new(&[3, 3, 4, 2]));
        assert_eq!(weights.get(1), Shape::new(&[8]));
    }
}
