//! `UpSampling2D(2)`: every pixel several times.
//! <https://keras.io/api/layers/reshaping_layers/up_sampling2d/>

pub use crate::no_weights as weights;

use crate::catalogue::{Arg, ArgKind, Entry, Form, Inputs};
use crate::image::enlarged;
use crate::words::INTERPOLATION;
use crate::{ArgValue, Config, ShapeError, Value, Values};

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    name: "UpSampling2D",
    snake: "up_sampling2d",
    module: "layers::up_sampling2d",
    form: Form::Layer,
    inputs: Inputs::Exactly(1),
    args: &[
        Arg::new("size", ArgKind::Ints, ArgValue::Int(2)),
        Arg::new("interpolation", ArgKind::Word(&INTERPOLATION), ArgValue::Word("nearest")),
    ],
    rule,
    weights,
    ..Entry::LAYER
};

/// The sizes of all axes but the channels, times `size`.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    enlarged::<2>("UpSampling2D", config, inputs)
}

#[cfg(test)]
mod tests {
    use ArgValue::Int;

    use super::*;
    use crate::Shape;
    use crate::testing::{check, f, tuple};

    #[test]
    fn sizes_are_multiplied() {
        check(
            rule,
            &[
                (&[Int(2)], &[f(&[7, 5, 3])], Ok(&[14, 10, 3])),
                (&[tuple(&[3, 1])], &[f(&[7, Shape::ANY, 3])], Ok(&[21, Shape::ANY, 3])),
                (
                    &[Int(0)],
                    &[f(&[7, 5, 3])],
                    Err("UpSampling2D: size must be at least 1, but is 0"),
                ),
                (
                    &[Int(1 << 40)],
                    &[f(&[7, 5, 3])],
                    Err("UpSampling2D: (7696581394432, 5497558138880, 3) has more \
                         values than can be counted"),
                ),
            ],
        );
    }
}
