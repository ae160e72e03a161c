//! `Cropping2D(cropping = 1)`: the image without its edges.
//! <https://keras.io/api/layers/reshaping_layers/cropping2d/>

pub use crate::no_weights as weights;

use crate::catalogue::{Arg, ArgKind, Entry, Form, Inputs};
use crate::image::cropped;
use crate::{ArgValue, Config, ShapeError, Value, Values};

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    name: "Cropping2D",
    snake: "cropping2d",
    module: "layers::cropping2d",
    form: Form::Layer,
    inputs: Inputs::Exactly(1),
    args: &[Arg::new("cropping", ArgKind::Ints, ArgValue::Int(0))],
    rule,
    weights,
    ..Entry::LAYER
};

/// The channels stay.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    cropped::<2>("Cropping2D", config, inputs)
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
                (&[Int(1)], &[f(&[5, 6, 3])], Ok(&[3, 4, 3])),
                (&[tuple(&[1, 2])], &[f(&[5, 6, 3])], Ok(&[3, 2, 3])),
                (&[tuple(&[1, 0, 2, 3])], &[f(&[5, 6, 3])], Ok(&[4, 1, 3])),
                (&[Int(9)], &[f(&[Shape::ANY, Shape::ANY, 3])], Ok(&[Shape::ANY, Shape::ANY, 3])),
                (
                    &[tuple(&[1, 3])],
                    &[f(&[5, 6, 3])],
                    Err("Cropping2D leaves nothing: it cuts 3 and 3 off \
                         axis 2, which is 6 in (5, 6, 3)"),
                ),
                (
                    &[Int(i64::MAX)],
                    &[f(&[5, 6, 3])],
                    Err("Cropping2D leaves nothing: it cuts 9223372036854775807 and \
                         9223372036854775807 off axis 1, which is 5 in (5, 6, 3)"),
                ),
            ],
        );
    }
}
