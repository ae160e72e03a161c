//! `AveragePooling1D(2)`: the mean of each window, channel by channel.
//! <https://keras.io/api/layers/pooling_layers/average_pooling1d/>

pub use crate::no_weights as weights;

use crate::catalogue::{Arg, ArgKind, Entry, Form, Inputs};
use crate::image::pooled;
use crate::words::PADDING;
use crate::{ArgValue, Config, ShapeError, Value, Values};

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    name: "AveragePooling1D",
    snake: "average_pooling1d",
    module: "layers::average_pooling1d",
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
    pooled::<1>("AveragePooling1D", config, inputs)
}

#[cfg(test)]
mod tests {
    use ArgValue::{Int, Word};

    use super::*;
    use crate::Shape;
    use crate::testing::{check, f};

    #[test]
    fn windows_become_numbers() {
        check(
            rule,
            &[
                (&[Int(2)], &[f(&[7, 4])], Ok(&[3, 4])),
                (&[Int(3), Int(1)], &[f(&[7, 4])], Ok(&[5, 4])),
                (&[Int(3), Int(2), Word("same")], &[f(&[7, 4])], Ok(&[4, 4])),
                (&[Int(2)], &[f(&[Shape::ANY, 4])], Ok(&[Shape::ANY, 4])),
                (
                    &[Int(8)],
                    &[f(&[7, 4])],
                    Err("AveragePooling1D: the pool (8) is larger than the sequence (7)"),
                ),
                (
                    &[Int(2)],
                    &[f(&[7])],
                    Err(
                        "AveragePooling1D takes a sequence (steps, channels), but the input is (7)",
                    ),
                ),
            ],
        );
    }
}
