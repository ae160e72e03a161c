//! `UpSampling1D(2)`: every step several times.
//! <https://keras.io/api/layers/reshaping_layers/up_sampling1d/>

pub use crate::no_weights as weights;

use crate::catalogue::{Arg, ArgKind, Entry, Form, Inputs};
use crate::image::enlarged;
use crate::{ArgValue, Config, ShapeError, Value, Values};

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    name: "UpSampling1D",
    snake: "up_sampling1d",
    module: "layers::up_sampling1d",
    form: Form::Layer,
    inputs: Inputs::Exactly(1),
    args: &[Arg::new("size", ArgKind::Ints, ArgValue::Int(2))],
    rule,
    weights,
    ..Entry::LAYER
};

/// The sizes of all axes but the channels, times `size`.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    enlarged::<1>("UpSampling1D", config, inputs)
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
                (&[Int(2)], &[f(&[7, 3])], Ok(&[14, 3])),
                (&[Int(3)], &[f(&[Shape::ANY, 3])], Ok(&[Shape::ANY, 3])),
                (
                    &[Int(-2)],
                    &[f(&[7, 3])],
                    Err("UpSampling1D: size must be at least 1, but is -2"),
                ),
                (
                    &[tuple(&[2, 2])],
                    &[f(&[7, 3])],
                    Err("UpSampling1D: size takes one number, but got 2"),
                ),
            ],
        );
    }
}
