//! `Cropping1D(cropping = 1)`: the sequence without its edges.
//! <https://keras.io/api/layers/reshaping_layers/cropping1d/>

pub use crate::no_weights as weights;

use crate::catalogue::{Arg, ArgKind, Entry, Form, Inputs};
use crate::image::cropped;
use crate::{ArgValue, Config, ShapeError, Value, Values};

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    name: "Cropping1D",
    snake: "cropping1d",
    module: "layers::cropping1d",
    form: Form::Layer,
    inputs: Inputs::Exactly(1),
    args: &[Arg::new("cropping", ArgKind::Ints, ArgValue::Int(1))],
    rule,
    weights,
    ..Entry::LAYER
};

/// The channels stay.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    cropped::<1>("Cropping1D", config, inputs)
}

#[cfg(test)]
mod tests {
    use ArgValue::Int;

    use super::*;
    use crate::testing::{check, f, tuple};

    #[test]
    fn the_edges_count() {
        check(
            rule,
            &[
                (&[Int(1)], &[f(&[5, 3])], Ok(&[3, 3])),
                (&[tuple(&[1, 2])], &[f(&[5, 3])], Ok(&[2, 3])),
                (
                    &[tuple(&[2, 3])],
                    &[f(&[5, 3])],
                    Err("Cropping1D leaves nothing: it cuts 2 and 3 off \
                         axis 1, which is 5 in (5, 3)"),
                ),
            ],
        );
    }
}
