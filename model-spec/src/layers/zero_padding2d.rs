//! `ZeroPadding2D(padding = 1)`: zeros around the image.
//! <https://keras.io/api/layers/reshaping_layers/zero_padding2d/>

pub use crate::no_weights as weights;

use crate::catalogue::{Arg, ArgKind, Entry, Form, Inputs};
use crate::image::padded;
use crate::{ArgValue, Config, ShapeError, Value, Values};

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    name: "ZeroPadding2D",
    snake: "zero_padding2d",
    module: "layers::zero_padding2d",
    form: Form::Layer,
    inputs: Inputs::Exactly(1),
    args: &[Arg::new("padding", ArgKind::Ints, ArgValue::Int(1))],
    rule,
    weights,
    ..Entry::LAYER
};

/// The channels stay.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    padded::<2>("ZeroPadding2D", config, inputs)
}

#[cfg(test)]
mod tests {
    use ArgValue::Int;

    use super::*;
    use crate::Shape;
    use crate::testing::{check, f, tuple};

    #[test]
    fn the_edges_count() {
        check(
            rule,
            &[
                (&[Int(1)], &[f(&[5, 6, 3])], Ok(&[7, 8, 3])),
                (&[tuple(&[1, 2])], &[f(&[5, 6, 3])], Ok(&[7, 10, 3])),
                (&[tuple(&[1, 0, 2, 3])], &[f(&[5, 6, 3])], Ok(&[6, 11, 3])),
                (&[Int(1)], &[f(&[Shape::ANY, 6, 3])], Ok(&[Shape::ANY, 8, 3])),
                (
                    &[Int(-1)],
                    &[f(&[5, 6, 3])],
                    Err("ZeroPadding2D: padding must not be negative, but is -1"),
                ),
                (
                    &[tuple(&[1, 2, 3])],
                    &[f(&[5, 6, 3])],
                    Err("ZeroPadding2D: padding takes 1, 2 or 4 numbers, but got 3"),
                ),
            ],
        );
    }
}
