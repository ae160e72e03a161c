//! `dot([a, b], axes = -1, normalize = false)`: the products of two values along one axis of each,
//! summed. <https://keras.io/api/layers/merging_layers/dot/>

pub use crate::no_weights as weights;

use super::entry;
use crate::catalogue::{Arg, ArgKind, Entry, Inputs};
use crate::layers::dot::summed;
use crate::{ArgValue, Config, ShapeError, Value, Values};

/// The catalogue's entry.
pub const ENTRY: Entry = entry(
    "dot",
    "functions::dot",
    Inputs::AtLeast(2),
    &[
        Arg::new("axes", ArgKind::Ints, ArgValue::Int(-1)),
        Arg::new("normalize", ArgKind::Bool, ArgValue::Bool(false)),
    ],
    rule,
);

/// What the layer `Dot` makes of them.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    summed("dot", config, inputs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{check, f};

    #[test]
    fn one_axis_of_each_is_summed_over() {
        let last = [ArgValue::Int(-1)];
        check(
            rule,
            &[
                (&last, &[f(&[3, 5]), f(&[5])], Ok(&[3])),
                (&last, &[f(&[3])], Err("dot takes 2 inputs, but got 1")),
            ],
        );
    }
}
