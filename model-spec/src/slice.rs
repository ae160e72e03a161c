use crate::rules::{attempt, one};
use crate::{Shape, ShapeError, Text, Value, Values};

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
/// are taken whole.
pub const fn slice(items: &[SliceItem], inputs: &[Value]) -> Result<Values, ShapeError> {
    let input = attempt!(one("a slice", inputs));
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
        return Ok(match (start, end) {
            (0, Some(end)) if end > 0 => end as usize,
            _ => Shape::ANY,
        });
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
        return Err(ShapeError::of(
            Text::new("the slice of axis ")
                .int(axis as i64 + 1)
                .str(" of ")
                .shape(shape)
                .str(" is empty"),
        )
        .help("let it end after it begins"));
    }
    Ok((to - from) as usize)
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
