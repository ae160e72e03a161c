//! `(a, b) = split(x, 2, axis = -1)`: the parts of a value along an axis.
//! <https://keras.io/api/ops/numpy/>

pub use crate::no_weights as weights;

use super::entry;
use crate::catalogue::{Arg, ArgKind, Entry, Inputs, Outputs};
use crate::rules::{attempt, one};
use crate::{ArgValue, Config, MAX_VALUES, Shape, ShapeError, Text, Value, Values, resolve_axis};

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    outputs: Outputs::Several(parts),
    ..entry(
        "split",
        "functions::split",
        Inputs::Exactly(1),
        &[
            Arg::required("indices_or_sections", ArgKind::Cuts),
            Arg::new("axis", ArgKind::Int, ArgValue::Int(-1)),
        ],
        rule,
    )
};

/// How many parts there are.
fn parts(config: &Config<'_>) -> usize {
    match *config.ints(WHERE).as_slice() {
        [sections] => usize::try_from(sections).unwrap_or(1).clamp(1, MAX_VALUES),
        [0, ref starts @ ..] => (starts.len() + 1).min(MAX_VALUES),
        ref starts => (starts.len() + 1).min(MAX_VALUES),
    }
}

const WHERE: usize = 0;
const AXIS: usize = 1;

/// One number is how many equal parts there are; several are the positions where the parts after
/// the first begin, before which the 0 of the first may stand. A mask ends here.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    let mut value = attempt!(one("split", inputs));
    if value.is_poison() {
        return Ok(Values::POISON);
    }
    let shape = value.shape;
    let axis = attempt!(resolve_axis("split", config.int(AXIS), &shape));
    let starts = attempt!(starts(&config.ints(WHERE), &shape, axis));
    value.mask = false;
    let mut parts = [Value::POISON; MAX_VALUES];
    let mut i = 0;
    while i < starts.1 {
        let end = if i + 1 < starts.1 { starts.0[i + 1] } else { shape.dim(axis) };
        let any = end == Shape::ANY || starts.0[i] == Shape::ANY;
        let size = if any { Shape::ANY } else { end - starts.0[i] };
        parts[i] = value.with_shape(shape.with(axis, size));
        i += 1;
    }
    Ok(Values::new(parts.split_at(starts.1).0))
}

/// Where the parts of an axis begin, and how many there are; a start that depends on an open size
/// is open.
pub const fn starts(
    numbers: &crate::Tuple,
    shape: &Shape,
    axis: usize,
) -> Result<([usize; MAX_VALUES], usize), ShapeError> {
    let dim = shape.dim(axis);
    let numbers = numbers.as_slice();
    let mut starts = [0; MAX_VALUES];
    if numbers.len() >= MAX_VALUES || (numbers.len() == 1 && numbers[0] > MAX_VALUES as i64) {
        return Err(ShapeError::new("split makes at most 8 parts")
            .help("split into larger parts first, then those"));
    }
    if let [sections] = *numbers {
        let even = sections > 0 && (dim == Shape::ANY || dim.is_multiple_of(sections as usize));
        if !even {
            let text = Text::new("split: axis ").int(axis as i64 + 1).str(" of ").shape(shape);
            let text = text.str(" cannot be cut into ").int(sections).str(" equal parts");
            return Err(ShapeError::of(text).help(
                "write the positions where parts begin, (3, 5) or [3], or take slices, x[..3]",
            ));
        }
        let mut i = 0;
        while i < sections as usize {
            let open = dim == Shape::ANY && i > 0;
            starts[i] = if open { Shape::ANY } else { dim / sections as usize * i };
            i += 1;
        }
        return Ok((starts, sections as usize));
    }
    let numbers = match numbers {
        [0, rest @ ..] => rest,
        all => all,
    };
    let mut i = 0;
    while i < numbers.len() {
        if numbers[i] <= starts[i] as i64 || numbers[i] as usize >= dim {
            let text = Text::new("split: no part of axis ").int(axis as i64 + 1).str(" of ");
            let text = text.shape(shape).str(" can begin at ").int(numbers[i]);
            return Err(ShapeError::of(text)
                .help("positions count from 0; each is larger than the one before it"));
        }
        starts[i + 1] = numbers[i] as usize;
        i += 1;
    }
    Ok((starts, numbers.len() + 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{check, f, tuple};

    #[test]
    fn parts_are_equal_or_begin_where_it_is_said() {
        let sizes = |numbers: &[i64], dims: &[usize]| -> Vec<usize> {
            let values = rule(&Config::new(&[tuple(numbers), ArgValue::Int(-1)]), &[f(dims)]);
            values.unwrap().as_slice().iter().map(|value| value.shape.last()).collect()
        };
        assert_eq!(sizes(&[3], &[2, 6]), [2, 2, 2]);
        assert_eq!(sizes(&[1, 4], &[6]), [1, 3, 2]);
        assert_eq!(sizes(&[1], &[6]), [6]);
        assert_eq!(sizes(&[0, 1], &[6]), [1, 5]);
        assert_eq!(sizes(&[0, 1, 4], &[6]), [1, 3, 2]);
        assert_eq!(parts(&Config::new(&[tuple(&[0, 1])])), 2);
        assert_eq!(sizes(&[2], &[Shape::ANY]), [Shape::ANY; 2]);
        assert_eq!(sizes(&[1, 4], &[Shape::ANY]), [1, 3, Shape::ANY]);
        let last = ArgValue::Int(-1);
        check(
            rule,
            &[
                (
                    &[tuple(&[4]), last],
                    &[f(&[2, 6])],
                    Err("split: axis 2 of (2, 6) cannot be cut into 4 equal parts"),
                ),
                (
                    &[tuple(&[2, 2]), last],
                    &[f(&[6])],
                    Err("split: no part of axis 1 of (6) can begin at 2"),
                ),
                (
                    &[tuple(&[2, 6]), last],
                    &[f(&[6])],
                    Err("split: no part of axis 1 of (6) can begin at 6"),
                ),
                (&[tuple(&[9]), last], &[f(&[9])], Err("split makes at most 8 parts")),
            ],
        );
    }
}
