use crate::{Shape, ShapeError, Text};

/// Turns an `axis` argument, counted as in Keras, into an axis of a shape without the sample axis.
///
/// The sample axis is 0 and cannot be chosen; negative axes count from the end.
///
/// ```
/// use model_spec::{Shape, resolve_axis};
/// let shape = Shape::new(&[28, 28, 1]);
/// assert_eq!(resolve_axis("Concatenate", -1, &shape), Ok(2));
/// assert_eq!(resolve_axis("Concatenate", 1, &shape), Ok(0));
/// assert!(resolve_axis("Concatenate", 0, &shape).is_err());
/// ```
pub const fn resolve_axis(layer: &str, axis: i64, shape: &Shape) -> Result<usize, ShapeError> {
    if shape.rank() == 0 {
        return Err(ShapeError::of(
            Text::new(layer).str(" needs an axis, but the input is one number, ()"),
        )
        .help("give it an axis: Reshape(1)"));
    }
    let rank = shape.rank() as i64;
    let position = if axis < 0 { axis + rank + 1 } else { axis };
    if position == 0 {
        return Err(ShapeError::of(
            Text::new(layer)
                .str(": axis ")
                .int(axis)
                .str(" is the sample axis, which cannot be chosen"),
        )
        .help("axes count from 1, the first after the samples; -1 is the last"));
    }
    if position < 0 || position > rank {
        return Err(ShapeError::of(
            Text::new(layer).str(": there is no axis ").int(axis).str(" in ").shape(shape),
        )
        .help_of(Text::new("axes count from 1 to ").int(rank).str("; -1 is the last")));
    }
    Ok(position as usize - 1)
}

/// The axes that an `axis` argument chooses, each `true`: all of them where it is empty.
pub const fn resolve_axes(
    layer: &str,
    axes: &[i64],
    shape: &Shape,
) -> Result<[bool; crate::MAX_RANK], ShapeError> {
    let mut chosen = [axes.is_empty(); crate::MAX_RANK];
    let mut i = 0;
    while i < axes.len() {
        match resolve_axis(layer, axes[i], shape) {
            Ok(axis) if chosen[axis] => {
                return Err(ShapeError::of(
                    Text::new(layer).str(": axis ").int(axes[i]).str(" is chosen twice"),
                )
                .help("leave one of them out"));
            }
            Ok(axis) => chosen[axis] = true,
            Err(error) => return Err(error),
        }
        i += 1;
    }
    Ok(chosen)
}
