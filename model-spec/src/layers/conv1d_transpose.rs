//! `Conv1DTranspose(filters, kernel_size)`: the way back through a convolution.
//! <https://keras.io/api/layers/convolution_layers/convolution1d_transpose/>

use crate::catalogue::{Arg, ArgKind, Entry, Form, Inputs};
use crate::convolution::{
    ACTIVATION_ARG, USE_BIAS_ARG, constraint, initializer, ones, regularizer, transposed,
    transposed_weights,
};
use crate::words::PADDING;
use crate::{ArgValue, Config, ShapeError, Value, Values, Weights};

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    name: "Conv1DTranspose",
    snake: "conv1d_transpose",
    module: "layers::conv1d_transpose",
    form: Form::Layer,
    inputs: Inputs::Exactly(1),
    args: &[
        Arg::required("filters", ArgKind::Size),
        Arg::required("kernel_size", ArgKind::Ints),
        ones("strides"),
        Arg::new("padding", ArgKind::Word(&PADDING), ArgValue::Word("valid")),
        Arg::new("output_padding", ArgKind::Ints, ArgValue::Unset),
        ones("dilation_rate"),
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
    ..Entry::LAYER
};

/// The size from which such a convolution makes the input's, and `filters` channels.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    transposed::<1>("Conv1DTranspose", config, inputs)
}

/// A kernel `(steps, filters, channels)` and a bias `(filters)`.
pub const fn weights(config: &Config<'_>, inputs: &[Value]) -> Weights {
    transposed_weights::<1>(config, inputs)
}

#[cfg(test)]
mod tests {
    use ArgValue::{Int, Word};

    use super::*;
    use crate::Shape;
    use crate::testing::{check, f};

    #[test]
    fn sizes_grow() {
        check(
            rule,
            &[
                (&[Int(8), Int(3)], &[f(&[5, 2])], Ok(&[7, 8])),
                (&[Int(8), Int(3), Int(2), Word("same")], &[f(&[5, 2])], Ok(&[10, 8])),
                (
                    &[Int(8), Int(3), Int(2), Word("valid"), Int(1), Int(2)],
                    &[f(&[5, 2])],
                    Ok(&[14, 8]),
                ),
                (
                    &[Int(8), Int(3), Int(2), Word("causal")],
                    &[f(&[5, 2])],
                    Err("Conv1DTranspose: causal padding is for Conv1D"),
                ),
                (
                    &[Int(8), Int(3), Int(2), Word("valid"), Int(2)],
                    &[f(&[5, 2])],
                    Err("Conv1DTranspose: output_padding must be less than the strides, but is 2 \
                         where they are 2"),
                ),
                (
                    &[Int(8), Int(3)],
                    &[f(&[5, Shape::ANY])],
                    Err("Conv1DTranspose needs to know the number of channels, and it is `_` in \
                         (5, _)"),
                ),
            ],
        );
    }
}
