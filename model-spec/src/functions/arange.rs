//! `arange(start, stop, step = 1)`: the whole numbers of a range, the same for each sample.
//! <https://keras.io/api/ops/numpy/>

pub use crate::no_weights as weights;

use super::entry;
use crate::catalogue::{Arg, ArgKind, Entry, Inputs};
use crate::rules::{attempt, count, result};
use crate::{ArgValue, Config, Shape, ShapeError, Text, Value, Values};

/// The catalogue's entry.
pub const ENTRY: Entry = entry(
    "arange",
    "functions::arange",
    Inputs::Exactly(0),
    &[
        Arg::required("start", ArgKind::Int),
        Arg::new("stop", ArgKind::Ints, ArgValue::Unset),
        Arg::new("step", ArgKind::Int, ArgValue::Int(1)),
    ],
    rule,
);

/// As many as there are from `start` to `stop`, which is left out; with one number, from 0 to it.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    attempt!(count("arange", inputs, 0, 0));
    let (start, stop, step) = attempt!(range(config));
    let (distance, step) = (stop as i128 - start as i128, step as i128);
    let count = (distance + step - if step > 0 { 1 } else { -1 }) / step;
    if count < 1 || count >= i64::MAX as i128 {
        let text = Text::new("arange from ").int(start).str(" to ").int(stop);
        return Err(ShapeError::of(text.str(" is empty, or too long"))
            .help("arange(5) are the numbers 0, 1, 2, 3, 4"));
    }
    result("arange", Value::new(Shape::new(&[count as usize])))
}

/// Start, stop and step.
pub const fn range(config: &Config<'_>) -> Result<(i64, i64, i64), ShapeError> {
    let step = match config.get(2) {
        ArgValue::Int(step) => step,
        _ => 1,
    };
    if step == 0 {
        return Err(ShapeError::new("arange: the step is 0").help("write 1 or more, or -1"));
    }
    match *config.ints(1).as_slice() {
        [] => Ok((0, config.int(0), step)),
        [stop] => Ok((config.int(0), stop, step)),
        _ => Err(ShapeError::new("arange: there is one stop").help("write arange(0, 5)")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ArgValue::{Int, Unset};
    use crate::testing::{check, tuple};

    #[test]
    fn the_size_is_the_count() {
        check(
            rule,
            &[
                (&[Int(5), Unset, Int(1)], &[], Ok(&[5])),
                (&[Int(2), tuple(&[7]), Int(2)], &[], Ok(&[3])),
                (&[Int(7), tuple(&[2]), Int(-1)], &[], Ok(&[5])),
                (
                    &[Int(7), tuple(&[2]), Int(1)],
                    &[],
                    Err("arange from 7 to 2 is empty, or too long"),
                ),
                (&[Int(7), Unset, Int(0)], &[], Err("arange: the step is 0")),
            ],
        );
    }
}
