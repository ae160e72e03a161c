//! `RandomFlip(mode = horizontal_and_vertical)`: while training, half of the images turned round.
//! <https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_flip/>

pub use crate::no_weights as weights;

use crate::catalogue::{Arg, ArgKind, Entry, Form, Inputs};
use crate::image::input;
use crate::rules::attempt;
use crate::words::FLIP_MODE;
use crate::{ArgValue, Config, ShapeError, Value, Values};

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    name: "RandomFlip",
    snake: "random_flip",
    module: "layers::random_flip",
    form: Form::Layer,
    inputs: Inputs::Exactly(1),
    args: &[
        Arg::new("mode", ArgKind::Word(&FLIP_MODE), ArgValue::Word("horizontal_and_vertical")),
        Arg::new("seed", ArgKind::Seed, ArgValue::Unset),
    ],
    rule,
    weights,
    ..Entry::LAYER
};

/// The shape stays.
pub const fn rule(_config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    Ok(Values::one(attempt!(input::<2>("RandomFlip", inputs))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{check, f};

    #[test]
    fn the_shape_stays() {
        check(
            rule,
            &[
                (&[], &[f(&[8, 8, 3])], Ok(&[8, 8, 3])),
                (
                    &[],
                    &[f(&[64])],
                    Err("RandomFlip takes an image (height, width, channels), but the input is \
                         (64)"),
                ),
            ],
        );
    }
}
