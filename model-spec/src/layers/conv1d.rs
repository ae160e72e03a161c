//! `Conv1D(filters, kernel_size)`: a kernel that slides over a sequence.
//! <https://keras.io/api/layers/convolution_layers/convolution1d/>

use crate::catalogue::{Arg, ArgKind, Entry, Form, Inputs};
use crate::convolution::{
    ACTIVATION_ARG, USE_BIAS_ARG, constraint, convolution_weights, convolved, initializer, ones,
    regularizer,
};
use crate::words::PADDING;
use crate::{ArgValue, Config, ShapeError, Value, Values, Weights};

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    name: "Conv1D",
    snake: "conv1d",
    module: "layers::conv1d",
    form: Form::Layer,
    inputs: Inputs::Exactly(1),
    args: &[
        Arg::required("filters", ArgKind::Size),
        Arg::required("kernel_size", ArgKind::Ints),
        ones("strides"),
        Arg::new("padding", ArgKind::Word(&PADDING), ArgValue::Word("valid")),
        ones("dilation_rate"),
        Arg::new("groups", ArgKind::Size, ArgValue::Int(1)),
        ACTIVATION_ARG,
        USE_BIAS_ARG,
        initializer("kernel_initializer", "glorot_uniform"),
        initializer("bias_initializer", "zeros"),
        regularizer("kernel_regularizer"),
        regularizer("bias_regularizer"),
        regularizer("activity_regularizer"),
        constraint("kernel_constraint"),
        constraint("bias_constraint"),
    ],
    rule,
    weights,
    before_pooling: true,
    ..Entry::LAYER
};

/// As many positions as windows fit, and `filters` channels.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    convolved::<1>("Conv1D", config, inputs)
}

/// A kernel `(steps, channels / groups, filters)` and a bias `(filters)`.
pub const fn weights(config: &Config<'_>, inputs: &[Value]) -> Weights {
    convolution_weights::<1>(config, inputs)
}

#[cfg(test)]
mod tests {
    use ArgValue::{Int, Word};

    use super::*;
    use crate::Shape;
    use crate::testing::{check, f};

    #[test]
    fn windows_become_pixels() {
        check(
            rule,
            &[
                (&[Int(8), Int(3)], &[f(&[28, 2])], Ok(&[26, 8])),
                (&[Int(8), Int(3), Int(2), Word("causal")], &[f(&[27, 2])], Ok(&[14, 8])),
                (
                    &[Int(8), Int(3), Int(1), Word("same")],
                    &[f(&[Shape::ANY, 2])],
                    Ok(&[Shape::ANY, 8]),
                ),
                (
                    &[Int(8), Int(9)],
                    &[f(&[6, 1])],
                    Err("Conv1D: the kernel (9) is larger than the sequence (6)"),
                ),
                (
                    &[Int(8), Int(3)],
                    &[f(&[28])],
                    Err("Conv1D takes a sequence (steps, channels), but the input is (28)"),
                ),
            ],
        );
    }
}
