//! `RandomCrop(height, width)`: while training, a part of each image; else its middle.
//! <https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_crop/>

pub use crate::no_weights as weights;

use crate::catalogue::{Arg, ArgKind, Entry, Form, Inputs};
use crate::image::input;
use crate::rules::{attempt, result, size};
use crate::{ArgValue, Config, ShapeError, Text, Value, Values};

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    name: "RandomCrop",
    snake: "random_crop",
    module: "layers::random_crop",
    form: Form::Layer,
    inputs: Inputs::Exactly(1),
    args: &[
        Arg::required("height", ArgKind::Size),
        Arg::required("width", ArgKind::Size),
        Arg::new("seed", ArgKind::Seed, ArgValue::Unset),
    ],
    rule,
    weights,
    ..Entry::LAYER
};

const HEIGHT: usize = 0;
const WIDTH: usize = 1;

/// An image of the size that the arguments say; the channels stay.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    let value = attempt!(input::<2>("RandomCrop", inputs));
    if value.is_poison() {
        return Ok(Values::POISON);
    }
    let height = attempt!(size("RandomCrop", "height", config, HEIGHT));
    let width = attempt!(size("RandomCrop", "width", config, WIDTH));
    if value.shape.dim(0) == 0 || value.shape.dim(1) == 0 {
        let text = Text::new("RandomCrop needs pixels, but there are none in ");
        return Err(ShapeError::of(text.shape(&value.shape)).help("give it an image"));
    }
    result("RandomCrop", value.with_shape(value.shape.with(0, height).with(1, width)))
}

#[cfg(test)]
mod tests {
    use ArgValue::Int;

    use super::*;
    use crate::Shape;
    use crate::testing::{check, f};

    #[test]
    fn the_size_is_that_of_the_arguments() {
        check(
            rule,
            &[
                (&[Int(5), Int(4)], &[f(&[8, 8, 3])], Ok(&[5, 4, 3])),
                (&[Int(5), Int(4)], &[f(&[2, Shape::ANY, 3])], Ok(&[5, 4, 3])),
                (
                    &[Int(5), Int(0)],
                    &[f(&[8, 8, 3])],
                    Err("RandomCrop: width must be a positive whole number, but is 0"),
                ),
                (
                    &[Int(5), Int(4)],
                    &[f(&[8, 0, 3])],
                    Err("RandomCrop needs pixels, but there are none in (8, 0, 3)"),
                ),
                (
                    &[Int(5), Int(4)],
                    &[f(&[8, 8])],
                    Err("RandomCrop takes an image (height, width, channels), but the input is \
                         (8, 8)"),
                ),
            ],
        );
    }
}
