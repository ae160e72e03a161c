//! `pad(x, pad_width, mode = constant, constant_values = 0.0)`: more positions around a value.
//! <https://keras.io/api/ops/numpy/>

pub use crate::no_weights as weights;

use super::entry;
use crate::catalogue::{Arg, ArgKind, Entry, Inputs};
use crate::rules::{attempt, one_float, result};
use crate::words::PAD_MODE;
use crate::{ArgValue, Config, Shape, ShapeError, Text, Tuple, Value, Values, str_eq};

/// The catalogue's entry.
pub const ENTRY: Entry = entry(
    "pad",
    "functions::pad",
    Inputs::Exactly(1),
    &[
        Arg::required("pad_width", ArgKind::Ints),
        Arg::new("mode", ArgKind::Word(&PAD_MODE), ArgValue::Word("constant")),
        Arg::new("constant_values", ArgKind::Float, ArgValue::Float(0.0)),
    ],
    rule,
);

const PAD_WIDTH: usize = 0;
const MODE: usize = 1;

/// One number for all sides, two for before and after on all axes, or two for each axis.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    let input = attempt!(one_float("pad", inputs));
    if input.is_poison() {
        return Ok(Values::POISON);
    }
    let mut shape = input.shape;
    let widths = config.ints(PAD_WIDTH);
    let mut axis = 0;
    while axis < shape.rank() {
        let dim = shape.dim(axis);
        let (before, after) = attempt!(around(&widths, axis, &input.shape));
        // A mirror has no more positions than the axis; the edge itself is not repeated by
        // `reflect`.
        let most = if str_eq(config.word(MODE), "reflect") {
            dim.saturating_sub(1)
        } else if str_eq(config.word(MODE), "symmetric") {
            dim
        } else {
            usize::MAX
        };
        if dim != Shape::ANY && (before > most || after > most) {
            let text = Text::new("pad: axis ").int(axis as i64 + 1).str(" of ").shape(&shape);
            let text = text.str(" is too short to be mirrored that far");
            return Err(ShapeError::of(text).help_of(
                Text::new("with mode = ")
                    .str(config.word(MODE))
                    .str(" there can be at most ")
                    .dim(most)
                    .str(" more on each side"),
            ));
        }
        if dim != Shape::ANY {
            let size = dim.saturating_add(before).saturating_add(after);
            // The largest is a size of any kind.
            shape = shape.with(axis, if size == Shape::ANY { size - 1 } else { size });
        }
        axis += 1;
    }
    result("pad", Value::new(shape))
}

/// How many positions come before and after an axis.
pub const fn around(
    widths: &Tuple,
    axis: usize,
    shape: &Shape,
) -> Result<(usize, usize), ShapeError> {
    let widths = widths.as_slice();
    let (before, after) = if widths.len() == 1 {
        (widths[0], widths[0])
    } else if widths.len() == 2 {
        (widths[0], widths[1])
    } else if widths.len() == 2 * shape.rank() {
        (widths[2 * axis], widths[2 * axis + 1])
    } else {
        let text = Text::new("pad: ").int(widths.len() as i64).str(" widths do not fit ");
        return Err(ShapeError::of(text.shape(shape))
            .help("write two for each axis, ((1, 2), (0, 3)), or one that holds for all sides"));
    };
    if before < 0 || after < 0 {
        let least = if before < after { before } else { after };
        let text = Text::new("pad: a width must not be negative, but there is ").int(least);
        return Err(ShapeError::of(text).help("to take positions away, write a slice: x[1..]"));
    }
    Ok((before as usize, after as usize))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{check, f, tuple};

    #[test]
    fn axes_grow_on_both_sides() {
        let reflect = ArgValue::Word("reflect");
        check(
            rule,
            &[
                (&[tuple(&[1])], &[f(&[3, 4])], Ok(&[5, 6])),
                (&[tuple(&[1, 2])], &[f(&[3, 4])], Ok(&[6, 7])),
                (&[tuple(&[1, 0, 2, 3])], &[f(&[3, 4])], Ok(&[4, 9])),
                (&[tuple(&[2]), reflect], &[f(&[3])], Ok(&[7])),
                (
                    &[tuple(&[3]), reflect],
                    &[f(&[3])],
                    Err("pad: axis 1 of (3) is too short to be mirrored that far"),
                ),
                (&[tuple(&[1, 2, 3])], &[f(&[3])], Err("pad: 3 widths do not fit (3)")),
                (
                    &[tuple(&[-1])],
                    &[f(&[3])],
                    Err("pad: a width must not be negative, but there is -1"),
                ),
            ],
        );
    }
}
