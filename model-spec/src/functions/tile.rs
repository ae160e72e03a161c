//! `tile(x, repeats)`: the whole value several times along each axis.
//! <https://keras.io/api/ops/numpy/>

pub use crate::no_weights as weights;

use super::{entry, times};
use crate::catalogue::{Arg, ArgKind, Entry, Inputs};
use crate::rules::{attempt, one, result};
use crate::{Config, Shape, ShapeError, Text, Value, Values};

/// The catalogue's entry.
pub const ENTRY: Entry = entry(
    "tile",
    "functions::tile",
    Inputs::Exactly(1),
    &[Arg::required("repeats", ArgKind::Ints)],
    rule,
);

const REPEATS: usize = 0;

/// Each axis as many times as long; fewer numbers than axes are those of the last axes. A mask ends
/// here.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    let mut value = attempt!(one("tile", inputs));
    if value.is_poison() {
        return Ok(Values::POISON);
    }
    let repeats = config.ints(REPEATS);
    let (repeats, shape) = (repeats.as_slice(), value.shape);
    if repeats.len() > shape.rank() {
        let text = Text::new("tile names ").int(repeats.len() as i64).str(" axes, but ");
        return Err(ShapeError::of(text.shape(&shape).str(" has ").int(shape.rank() as i64))
            .help("give it more axes first: expand_dims(x, 1)"));
    }
    let mut tiled = Shape::SCALAR;
    let mut axis = 0;
    while axis < shape.rank() {
        let before = shape.rank() - repeats.len();
        let n = if axis < before { 1 } else { repeats[axis - before] };
        if n < 1 {
            let text = Text::new("tile: repeats must be positive whole numbers, but there is ");
            return Err(ShapeError::of(text.int(n)).help("write 1 for an axis that stays"));
        }
        tiled = tiled.push(attempt!(times("tile", shape.dim(axis), n as usize)));
        axis += 1;
    }
    value.mask = false;
    result("tile", value.with_shape(tiled))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{check, f, tuple};

    #[test]
    fn axes_grow() {
        check(
            rule,
            &[
                (&[tuple(&[2, 3])], &[f(&[3, 4])], Ok(&[6, 12])),
                (&[tuple(&[2])], &[f(&[3, 4])], Ok(&[3, 8])),
                (&[tuple(&[2, 1])], &[f(&[3])], Err("tile names 2 axes, but (3) has 1")),
                (
                    &[tuple(&[0])],
                    &[f(&[3])],
                    Err("tile: repeats must be positive whole numbers, but there is 0"),
                ),
            ],
        );
    }
}
