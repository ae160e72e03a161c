//! `segment_sum(data, segment_ids, num_segments)`: the sum of what has the same number.
//! <https://keras.io/api/ops/core/>

pub use crate::no_weights as weights;

use super::entry;
use crate::catalogue::{Arg, ArgKind, Entry, Inputs};
use crate::rules::{any_poison, attempt, count, result, size};
use crate::{Config, ShapeError, Text, Value, Values, dims_fit, require_float};

/// The catalogue's entry.
pub const ENTRY: Entry = entry(
    "segment_sum",
    "functions::segment_sum",
    Inputs::Exactly(2),
    &[Arg::required("num_segments", ArgKind::Size)],
    rule,
);

const SEGMENTS: usize = 0;

/// The number of segments in place of the first size. Each sample has numbers of its own.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    attempt!(count("segment_sum", inputs, 2, 2));
    if any_poison(inputs) {
        return Ok(Values::POISON);
    }
    let segments = attempt!(size("segment_sum", "num_segments", config, SEGMENTS));
    attempt!(require_float("segment_sum", &inputs[0]));
    let (data, ids) = (&inputs[0].shape, &inputs[1].shape);
    if data.rank() == 0 || ids.rank() != 1 || !dims_fit(data.dim(0), ids.dim(0)) {
        let text = Text::new("segment_sum takes one number for each position of axis 1 of ");
        return Err(ShapeError::of(text.shape(data).str(", but the numbers are ").shape(ids))
            .help("for data of (10, 3) the numbers are (10)"));
    }
    result("segment_sum", Value::new(data.with(0, segments)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ArgValue::Int;
    use crate::testing::{check, f};

    #[test]
    fn segments_take_the_place_of_the_first_axis() {
        check(
            rule,
            &[
                (&[Int(4)], &[f(&[10, 3]), Value::index(&[10])], Ok(&[4, 3])),
                (&[Int(4)], &[f(&[10]), f(&[10])], Ok(&[4])),
                (
                    &[Int(4)],
                    &[f(&[10, 3]), f(&[3])],
                    Err("segment_sum takes one number for each position of axis 1 of (10, 3), \
                         but the numbers are (3)"),
                ),
            ],
        );
    }
}
