//! `max_pool(x, 2)`, `average_pool(x, 2)`: one number of each window of a sequence or an image,
//! channel by channel. <https://keras.io/api/ops/nn/>

pub use crate::no_weights as weights;

use super::entry as function;
use crate::catalogue::{Arg, ArgKind, Entry, Inputs};
use crate::image::pooled;
use crate::words::PADDING;
use crate::{ArgValue, Config, ShapeError, Value, Values};

const ARGS: &[Arg] = &[
    Arg::required("pool_size", ArgKind::Ints),
    Arg::new("strides", ArgKind::Ints, ArgValue::Unset),
    Arg::new("padding", ArgKind::Word(&PADDING), ArgValue::Word("valid")),
];

const fn entry(name: &'static str) -> Entry {
    let entry = function(name, "functions::pool", Inputs::Exactly(1), ARGS, rule);
    Entry { pools: true, ..entry }
}

/// `max_pool(x, pool_size)`: the largest number of each window.
pub const MAX_POOL: Entry = entry("max_pool");
/// `average_pool(x, pool_size)`: the mean of each window.
pub const AVERAGE_POOL: Entry = entry("average_pool");

/// As many as windows fit; the channels stay. A value with two axes is a sequence, one with three
/// an image.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    if inputs.len() == 1 && inputs[0].shape.rank() == 2 {
        return pooled::<1>("a pool", config, inputs);
    }
    pooled::<2>("a pool", config, inputs)
}

#[cfg(test)]
mod tests {
    use ArgValue::{Int, Word};

    use super::*;
    use crate::testing::{check, f, tuple};

    #[test]
    fn sequences_and_images_are_pooled() {
        check(
            rule,
            &[
                (&[Int(2)], &[f(&[7, 4])], Ok(&[3, 4])),
                (&[Int(2)], &[f(&[28, 27, 3])], Ok(&[14, 13, 3])),
                (&[tuple(&[3, 2]), Int(1), Word("same")], &[f(&[5, 5, 1])], Ok(&[5, 5, 1])),
                (
                    &[Int(8)],
                    &[f(&[7, 4])],
                    Err("a pool: the pool (8) is larger than the sequence (7)"),
                ),
                (
                    &[Int(2)],
                    &[f(&[7])],
                    Err("a pool takes an image (height, width, channels), but the input is (7)"),
                ),
            ],
        );
    }
}
