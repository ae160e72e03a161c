//! `reshape(x, newshape)`: the same numbers, in the same order, along other axes.
//! <https://keras.io/api/ops/numpy/>

pub use crate::no_weights as weights;

use crate::catalogue::{Arg, ArgKind, Entry, Form, Inputs};
use crate::layers::reshape::reshaped;
use crate::{Config, ShapeError, Value, Values};

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    name: "reshape",
    snake: "reshape",
    module: "functions::reshape",
    form: Form::Function,
    inputs: Inputs::Exactly(1),
    args: &[Arg::required("newshape", ArgKind::Shape)],
    rule,
    weights,
    ..Entry::LAYER
};

const NEWSHAPE: usize = 0;

/// The new shape, in which one size may be -1: what is left over.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    reshaped("reshape", config.get(NEWSHAPE), inputs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{check, f, tuple};

    #[test]
    fn the_number_of_values_stays() {
        check(
            rule,
            &[
                (&[tuple(&[28, -1])], &[f(&[784])], Ok(&[28, 28])),
                (
                    &[tuple(&[5, 5])],
                    &[f(&[784])],
                    Err("reshape((5, 5)) needs 25 values per sample, but the input has 784"),
                ),
            ],
        );
    }
}
