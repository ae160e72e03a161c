//! `ZeroPadding1D(padding = 1)`: zeros around the sequence.
//! <https://keras.io/api/layers/reshaping_layers/zero_padding1d/>

pub use crate::no_weights as weights;

use crate::catalogue::{Arg, ArgKind, Entry, Form, Inputs};
use crate::image::padded;
use crate::{ArgValue, Config, ShapeError, Value, Values};

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    name: "ZeroPadding1D",
    snake: "zero_padding1d",
    module: "layers::zero_padding1d",
    form: Form::Layer,
    inputs: Inputs::Exactly(1),
    args: &[Arg::new("padding", ArgKind::Ints, ArgValue::Int(1))],
    rule,
    weights,
    ..Entry::LAYER
};

/// The channels stay.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    padded::<1>("ZeroPadding1D", config, inputs)
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
                (&[Int(1)], &[f(&[5, 3])], Ok(&[7, 3])),
                (&[tuple(&[1, 2])], &[f(&[5, 3])], Ok(&[8, 3])),
                (&[Int(1)], &[f(&[Shape::ANY, 3])], Ok(&[Shape::ANY, 3])),
                (
                    &[tuple(&[1, -2])],
                    &[f(&[5, 3])],
                    Err("ZeroPadding1D: padding must not be negative, but is (1, -2)"),
                ),
            ],
        );
    }
}
