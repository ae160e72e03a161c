use crate::rules::{attempt, one};
use crate::{Shape, ShapeError, Text, Value, Values};

/// What errors call a slice.
pub const SLICE: &str = "a slice";

/// What one axis of a slice takes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SliceItem {
    /// One position; the axis goes away. Negative ones count from the end.
    Index(i64),
    /// From a position up to another, the end of the axis where it is `None`. Negative ones count
    /// from the end.
    Range(i64, Option<i64>),
}

/// What `x[(.., ..14, 0)]` takes from a value; the sample axis is left out. Axes that are not named
/// are taken whole. A mask is not passed on.
pub const fn slice(items: &[SliceItem], inputs: &[Value]) -> Result<Values, ShapeError> {
    let mut input = attempt!(one(SLICE, inputs));
    if input.is_poison() {
        return Ok(Values::POISON);
    }
    let shape = input.shape;
    if items.len() > shape.rank() {
        return Err(ShapeError::of(
            Text::new("the slice names ")
                .int(items.len() as i64)
                .str(" axes, but ")
                .shape(&shape)
                .str(" has ")
                .int(shape.rank() as i64),
        )
        .help(
            "the sample axis is not named: x[..5] takes the first five features of each sample",
        ));
    }
    let mut result = Shape::SCALAR;
    let mut axis = 0;
    while axis < shape.rank() {
        let dim = shape.dim(axis);
        let any = dim == Shape::ANY;
        let item = if axis < items.len() { items[axis] } else { SliceItem::Range(0, None) };
        match item {
            SliceItem::Index(index) => {
                let (dim, at) = (dim as i128, index as i128);
                if !any && (at >= dim || at < -dim) {
                    return Err(out_of_range(index, axis, &shape));
                }
            }
            SliceItem::Range(start, end) => match range(start, end, axis, &shape) {
                Ok(length) => result = result.push(length),
                Err(error) => return Err(error),
            },
        }
        axis += 1;
    }
    input.mask = false;
    Ok(Values::one(input.with_shape(result)))
}

const fn range(
    start: i64,
    end: Option<i64>,
    axis: usize,
    shape: &Shape,
) -> Result<usize, ShapeError> {
    let dim = shape.dim(axis);
    if dim == Shape::ANY {
        return match end {
            Some(end) if start >= 0 && end >= 0 && end <= start => Err(empty(axis, shape)),
            Some(end) if start >= 0 && end > start => Ok((end - start) as usize),
            _ => Ok(Shape::ANY),
        };
    }
    let dim = dim as i128;
    let from = if start < 0 { start as i128 + dim } else { start as i128 };
    let to = match end {
        None => dim,
        Some(end) if end < 0 => end as i128 + dim,
        Some(end) => end as i128,
    };
    if from < 0 || from > dim {
        return Err(out_of_range(start, axis, shape));
    }
    if to < 0 || to > dim {
        return Err(out_of_range(
            match end {
                Some(end) => end,
                None => start,
            },
            axis,
            shape,
        ));
    }
    if from >= to {
        return Err(empty(axis, shape));
    }
    Ok((to - from) as usize)
}

const fn empty(axis: usize, shape: &Shape) -> ShapeError {
    ShapeError::of(
        Text::new("the slice of axis ")
            .int(axis as i64 + 1)
            .str(" of ")
            .shape(shape)
            .str(" is empty"),
    )
    .help("let it end after it begins")
}

const fn out_of_range(index: i64, axis: usize, shape: &Shape) -> ShapeError {
    ShapeError::of(
        Text::new("the slice reaches ")
            .int(index)
            .str(" on axis ")
            .int(axis as i64 + 1)
            .str(" of ")
            .shape(shape)
            .str(", which has ")
            .dim(shape.dim(axis)),
    )
    .help("the sample axis is not named: x[..5] takes the first five features of each sample")
}

#[cfg(test)]
mod tests {
    use super::SliceItem::{Index, Range};
    use super::*;

    const ANY: usize = Shape::ANY;

    #[test]
    fn a_slice_takes_what_is_named() {
        let cases: [(&[SliceItem], &[usize], &[usize]); 9] = [
            (&[], &[10, 3], &[10, 3]),
            (&[Range(0, Some(5))], &[10, 3], &[5, 3]),
            (&[Range(5, None)], &[10, 3], &[5, 3]),
            (&[Range(-3, Some(-1))], &[10, 3], &[2, 3]),
            (&[Index(-1)], &[10, 3], &[3]),
            (&[Range(0, None), Index(2)], &[10, 3], &[10]),
            (&[Range(2, Some(6))], &[ANY], &[4]),
            (&[Range(2, None)], &[ANY], &[ANY]),
            (&[Index(7)], &[ANY, 3], &[3]),
        ];
        for (items, from, to) in cases {
            let values = slice(items, &[Value::float(from)]);
            assert_eq!(values, Ok(Values::shape(Shape::new(to))), "{items:?}");
        }
    }

    #[test]
    fn a_slice_outside_of_the_value_is_refused() {
        let cases: [(&[SliceItem], &[usize], &str); 6] = [
            (&[Index(10)], &[10], "the slice reaches 10 on axis 1 of (10), which has 10"),
            (&[Index(-11)], &[10], "the slice reaches -11 on axis 1 of (10), which has 10"),
            (&[Range(0, Some(11))], &[10], "the slice reaches 11 on axis 1 of (10), which has 10"),
            (&[Range(5, Some(5))], &[10], "the slice of axis 1 of (10) is empty"),
            (&[Range(5, Some(2))], &[ANY], "the slice of axis 1 of (_) is empty"),
            (&[Index(0), Index(0)], &[10], "the slice names 2 axes, but (10) has 1"),
        ];
        for (items, from, sentence) in cases {
            let error = slice(items, &[Value::float(from)]).unwrap_err();
            assert_eq!(error.sentence(), sentence);
        }
    }

    #[test]
    fn no_slice_panics() {
        let ends = [i64::MIN, -1, 0, 1, i64::MAX];
        for dims in [&[][..], &[0], &[ANY], &[ANY - 1], &[1 << 63]] {
            for start in ends {
                for end in ends {
                    let items = [Range(start, Some(end)), Index(start)];
                    let _ = slice(&items[..1], &[Value::float(dims)]);
                    let _ = slice(&items[1..], &[Value::float(dims)]);
                }
            }
        }
        assert_eq!(slice(&[], &[Value::POISON]), Ok(Values::POISON));
        assert!(slice(&[], &[]).is_err());
    }
}
