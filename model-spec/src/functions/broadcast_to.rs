//! `broadcast_to(x, shape)`: a value stretched to a shape.
//! <https://keras.io/api/ops/numpy/>

pub use crate::no_weights as weights;

use super::entry;
use crate::catalogue::{Arg, ArgKind, Entry, Inputs};
use crate::rules::{attempt, one, result, sizes};
use crate::{Config, Shape, ShapeError, Text, Value, Values, dims_fit};

/// The catalogue's entry.
pub const ENTRY: Entry = entry(
    "broadcast_to",
    "functions::broadcast_to",
    Inputs::Exactly(1),
    &[Arg::required("shape", ArgKind::Shape)],
    rule,
);

const SHAPE: usize = 0;

/// The shape that is given. Its last axes are those of the value, or stretch one of size 1. A mask
/// ends here.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    let mut value = attempt!(one("broadcast_to", inputs));
    if value.is_poison() {
        return Ok(Values::POISON);
    }
    let mut shape = attempt!(sizes("broadcast_to", config.ints(SHAPE).as_slice()));
    let input = value.shape;
    let mut fits = input.rank() <= shape.rank();
    let mut axis = 0;
    while fits && axis < input.rank() {
        let to = shape.rank() - input.rank() + axis;
        let dim = input.dim(axis);
        fits = dim == 1 || dims_fit(dim, shape.dim(to));
        if shape.dim(to) == Shape::ANY {
            shape = shape.with(to, dim);
        }
        axis += 1;
    }
    if fits && input.rank() < shape.rank() && !new_axes_are_known(&shape, &input) {
        return Err(ShapeError::of(
            Text::new("broadcast_to: a new axis needs a size, but there is _ in ").shape(&shape),
        )
        .help("`_` stands for a size that the value has"));
    }
    if !fits {
        let text = Text::new("broadcast_to: ").shape(&input).str(" cannot be stretched to ");
        return Err(ShapeError::of(text.shape(&shape))
            .help("an axis of size 1 stretches, and new axes come before the others"));
    }
    value.mask = false;
    result("broadcast_to", value.with_shape(shape))
}

const fn new_axes_are_known(shape: &Shape, input: &Shape) -> bool {
    let mut axis = 0;
    while axis < shape.rank() - input.rank() {
        if shape.dim(axis) == Shape::ANY {
            return false;
        }
        axis += 1;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{check, f, tuple};

    #[test]
    fn axes_of_size_one_stretch() {
        check(
            rule,
            &[
                (&[tuple(&[3, 4])], &[f(&[1, 4])], Ok(&[3, 4])),
                (&[tuple(&[3, 4])], &[f(&[4])], Ok(&[3, 4])),
                (&[tuple(&[3])], &[f(&[])], Ok(&[3])),
                (&[tuple(&[3, -1])], &[f(&[1, 4])], Ok(&[3, 4])),
                (
                    &[tuple(&[-1, 4])],
                    &[f(&[4])],
                    Err("broadcast_to: a new axis needs a size, but there is _ in (_, 4)"),
                ),
                (
                    &[tuple(&[3, 4])],
                    &[f(&[3])],
                    Err("broadcast_to: (3) cannot be stretched to (3, 4)"),
                ),
            ],
        );
    }
}
