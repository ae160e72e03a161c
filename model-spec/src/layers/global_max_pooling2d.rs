//! `GlobalMaxPooling2D()`: the largest number of each channel.
//! <https://keras.io/api/layers/pooling_layers/global_max_pooling2d/>

pub use crate::no_weights as weights;

use crate::catalogue::{Arg, ArgKind, Entry, Form, Inputs};
use crate::image::pooled_globally;
use crate::{ArgValue, Config, ShapeError, Value, Values};

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    name: "GlobalMaxPooling2D",
    snake: "global_max_pooling2d",
    module: "layers::global_max_pooling2d",
    form: Form::Layer,
    inputs: Inputs::Exactly(1),
    args: &[Arg::new("keepdims", ArgKind::Bool, ArgValue::Bool(false))],
    rule,
    weights,
    ..Entry::LAYER
};

/// The channels, with axes of size 1 before them where `keepdims` is set.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    pooled_globally::<2>("GlobalMaxPooling2D", config, inputs)
}

#[cfg(test)]
mod tests {
    use ArgValue::Bool;

    use super::*;
    use crate::Shape;
    use crate::testing::{check, f};

    #[test]
    fn the_channels_are_left() {
        check(
            rule,
            &[
                (&[], &[f(&[7, 5, 4])], Ok(&[4])),
                (&[Bool(true)], &[f(&[7, 5, 4])], Ok(&[1, 1, 4])),
                (&[], &[f(&[Shape::ANY, Shape::ANY, 4])], Ok(&[4])),
                (
                    &[],
                    &[f(&[7, 4])],
                    Err("GlobalMaxPooling2D takes an image (height, width, channels), \
                         but the input is (7, 4)"),
                ),
            ],
        );
    }
}
