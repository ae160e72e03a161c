//! `AveragePooling2D(2)`: the mean of each window, channel by channel.
//! <https://keras.io/api/layers/pooling_layers/average_pooling2d/>

pub use crate::no_weights as weights;

use crate::catalogue::{Arg, ArgKind, Entry, Form, Inputs};
use crate::image::pooled;
use crate::words::PADDING;
use crate::{ArgValue, Config, ShapeError, Value, Values};

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    name: "AveragePooling2D",
    snake: "average_pooling2d",
    module: "layers::average_pooling2d",
    form: Form::Layer,
    inputs: Inputs::Exactly(1),
    args: &[
        Arg::required("pool_size", ArgKind::Ints),
        Arg::new("strides", ArgKind::Ints, ArgValue::Unset),
        Arg::new("padding", ArgKind::Word(&PADDING), ArgValue::Word("valid")),
    ],
    rule,
    weights,
    pools: true,
    ..Entry::LAYER
};

/// As many as windows fit; the channels stay.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    pooled::<2>("AveragePooling2D", config, inputs)
}

#[cfg(test)]
mod tests {
    use ArgValue::{Int, Word};

    use super::*;
    use crate::Shape;
    use crate::testing::{check, f, tuple};

    #[test]
    fn windows_become_numbers() {
        check(
            rule,
            &[
                (&[Int(2)], &[f(&[28, 27, 3])], Ok(&[14, 13, 3])),
                (&[tuple(&[3, 2]), Int(1)], &[f(&[5, 5, 1])], Ok(&[3, 4, 1])),
                (&[Int(3), tuple(&[2, 3]), Word("same")], &[f(&[5, 5, 1])], Ok(&[3, 2, 1])),
                (&[Int(2)], &[f(&[Shape::ANY, 4, Shape::ANY])], Ok(&[Shape::ANY, 2, Shape::ANY])),
                (
                    &[Int(3)],
                    &[f(&[2, 5, 1])],
                    Err("AveragePooling2D: the pool (3, 3) is larger than the image (2, 5)"),
                ),
                (
                    &[tuple(&[2, 2, 2])],
                    &[f(&[8, 8, 1])],
                    Err("AveragePooling2D: pool_size takes one number or 2, but got 3"),
                ),
                (
                    &[Int(2), Int(0)],
                    &[f(&[8, 8, 1])],
                    Err("AveragePooling2D: strides must be at least 1, but is 0"),
                ),
            ],
        );
    }
}
