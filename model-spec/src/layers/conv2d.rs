//! `Conv2D(filters, kernel_size)`: a kernel that slides over an image.
//! <https://keras.io/api/layers/convolution_layers/convolution2d/>

use crate::catalogue::{Arg, ArgKind, Entry, Form, Inputs};
use crate::convolution::{
    ACTIVATION_ARG, USE_BIAS_ARG, constraint, convolution_weights, convolved, initializer, ones,
    regularizer,
};
use crate::words::PADDING;
use crate::{ArgValue, Config, ShapeError, Value, Values, Weights};

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    name: "Conv2D",
    snake: "conv2d",
    module: "layers::conv2d",
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
    convolved::<2>("Conv2D", config, inputs)
}

/// A kernel `(height, width, channels / groups, filters)` and a bias `(filters)`.
pub const fn weights(config: &Config<'_>, inputs: &[Value]) -> Weights {
    convolution_weights::<2>(config, inputs)
}

#[cfg(test)]
mod tests {
    use ArgValue::{Int, Word};

    use super::*;
    use crate::Shape;
    use crate::testing::{check, f, tuple};

    /// Arguments with as many filters and groups.
    fn grouped(filters: i64, groups: i64) -> [ArgValue; 6] {
        [Int(filters), Int(3), Int(1), Word("same"), Int(1), Int(groups)]
    }

    #[test]
    fn windows_become_pixels() {
        check(
            rule,
            &[
                (&[Int(8), Int(3)], &[f(&[28, 28, 1])], Ok(&[26, 26, 8])),
                (&[Int(8), tuple(&[1, 3])], &[f(&[28, 28, 1])], Ok(&[28, 26, 8])),
                (&[Int(8), Int(3), Int(2), Word("same")], &[f(&[28, 27, 1])], Ok(&[14, 14, 8])),
                (
                    &[Int(8), Int(3), Int(1), Word("valid"), Int(2)],
                    &[f(&[9, 9, 1])],
                    Ok(&[5, 5, 8]),
                ),
                (&[Int(8), Int(3)], &[f(&[Shape::ANY, 9, 1])], Ok(&[Shape::ANY, 7, 8])),
                (
                    &[Int(8), Int(9)],
                    &[f(&[6, 6, 1])],
                    Err("Conv2D: the kernel (9, 9) is larger than the image (6, 6)"),
                ),
                (
                    &[Int(8), Int(3), Int(1), Word("valid"), Int(4)],
                    &[f(&[6, 9, 1])],
                    Err("Conv2D: the kernel (3, 3), spread over (9, 9) by its dilation_rate, is \
                         larger than the image (6, 9)"),
                ),
                (
                    &[Int(8), Int(3), Int(1), Word("causal")],
                    &[f(&[6, 6, 1])],
                    Err("Conv2D: causal padding is for sequences, but this takes an image"),
                ),
                (
                    &[Int(8), Int(3)],
                    &[f(&[28, 28])],
                    Err("Conv2D takes an image (height, width, channels), but the input is \
                         (28, 28)"),
                ),
                (
                    &[Int(8), Int(3)],
                    &[f(&[28, 28, Shape::ANY])],
                    Err("Conv2D needs to know the number of channels, and it is `_` in \
                         (28, 28, _)"),
                ),
                (
                    &[Int(0), Int(3)],
                    &[f(&[28, 28, 1])],
                    Err("Conv2D: filters must be a positive whole number, but is 0"),
                ),
                (
                    &[Int(8), tuple(&[3, 0])],
                    &[f(&[28, 28, 1])],
                    Err("Conv2D: kernel_size must be at least 1, but is (3, 0)"),
                ),
            ],
        );
    }

    #[test]
    fn groups_divide_channels_and_filters() {
        check(
            rule,
            &[
                (&grouped(6, 2), &[f(&[8, 8, 4])], Ok(&[8, 8, 6])),
                (
                    &grouped(6, 3),
                    &[f(&[8, 8, 4])],
                    Err("Conv2D: groups = 3 does not divide the 4 channels of (8, 8, 4)"),
                ),
                (
                    &grouped(6, 4),
                    &[f(&[8, 8, 4])],
                    Err("Conv2D: groups = 4 does not divide the 6 filters"),
                ),
                (
                    &grouped(6, 0),
                    &[f(&[8, 8, 4])],
                    Err("Conv2D: groups must be a positive whole number, but is 0"),
                ),
            ],
        );
        let kernel = weights(&Config::new(&grouped(6, 2)), &[f(&[8, 8, 4])]).get(0);
        assert_eq!(kernel, Shape::new(&[3, 3, 2, 6]));
    }

    #[test]
    fn helps_say_what_to_type() {
        let help = |args: &[ArgValue], dims: &[usize]| {
            rule(&Config::new(args), &[f(dims)]).unwrap_err().help_text().to_owned()
        };
        let conv = [Int(8), Int(9)];
        assert_eq!(help(&conv, &[6, 6, 1]), "write padding = same, or a smaller kernel");
        assert_eq!(
            help(&conv, &[28, 28]),
            "add an axis for the channels: Input(28, 28, 1), or Reshape(28, 28, 1) before it"
        );
        assert_eq!(help(&conv, &[784]), "make an image of it: Reshape(28, 28, 1)");
        let general = "give it 3 axes, as Input(28, 28, 1) has, or as Reshape(28, 28, 1) makes";
        assert_eq!(help(&conv, &[64, 28, 28, 1]), general);
        assert_eq!(help(&conv, &[10]), general);
        assert_eq!(help(&conv, &[Shape::ANY]), general);
        assert_eq!(
            help(&grouped(4, 3), &[8, 8, 6]),
            "2 is the largest that divides both the 6 channels and the 4 filters"
        );
        assert_eq!(
            help(&grouped(16, 3), &[8, 8, 3]),
            "only 1 divides both the 3 channels and the 16 filters"
        );
    }

    #[test]
    fn what_a_convolution_does_not_take() {
        let padding = [Int(8), Int(3), Int(1), Word("causal")];
        check(
            rule,
            &[(
                &padding,
                &[f(&[6, 6, 1])],
                Err("Conv2D: causal padding is for sequences, but this takes an image"),
            )],
        );
    }
}
