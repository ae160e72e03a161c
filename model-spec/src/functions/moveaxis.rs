//! `moveaxis(x, source, destination)`: some axes in other places, the others in their order.
//! <https://keras.io/api/ops/numpy/>

pub use crate::no_weights as weights;

use super::entry;
use crate::catalogue::{Arg, ArgKind, Entry, Inputs};
use crate::rules::{attempt, one};
use crate::{
    Config, MAX_RANK, Shape, ShapeError, Text, Tuple, Value, Values, resolve_axes, resolve_axis,
};

/// The catalogue's entry.
pub const ENTRY: Entry = entry(
    "moveaxis",
    "functions::moveaxis",
    Inputs::Exactly(1),
    &[Arg::required("source", ArgKind::Ints), Arg::required("destination", ArgKind::Ints)],
    rule,
);

/// The sizes in the new order. A mask ends here.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    let mut value = attempt!(one("moveaxis", inputs));
    if value.is_poison() {
        return Ok(Values::POISON);
    }
    let order = attempt!(order(&config.ints(0), &config.ints(1), &value.shape));
    let mut shape = Shape::SCALAR;
    let mut axis = 0;
    while axis < value.shape.rank() {
        shape = shape.push(value.shape.dim(order[axis]));
        axis += 1;
    }
    value.mask = false;
    Ok(Values::one(value.with_shape(shape)))
}

/// Which axis comes to each place; axes without the sample's, counted from 0.
pub const fn order(
    source: &Tuple,
    destination: &Tuple,
    shape: &Shape,
) -> Result<[usize; MAX_RANK], ShapeError> {
    let (source, destination) = (source.as_slice(), destination.as_slice());
    if source.is_empty() || source.len() != destination.len() {
        let text = Text::new("moveaxis moves ").int(source.len() as i64).str(" axes to ");
        return Err(ShapeError::of(text.int(destination.len() as i64).str(" places"))
            .help("give each axis of `source` a place in `destination`"));
    }
    let moved = attempt!(resolve_axes("moveaxis", source, shape));
    let taken = attempt!(resolve_axes("moveaxis", destination, shape));
    let mut order = [0; MAX_RANK];
    let mut i = 0;
    while i < source.len() {
        let to = attempt!(resolve_axis("moveaxis", destination[i], shape));
        order[to] = attempt!(resolve_axis("moveaxis", source[i], shape));
        i += 1;
    }
    // The others take the places that are left.
    let (mut axis, mut to) = (0, 0);
    while axis < shape.rank() {
        if !moved[axis] {
            while taken[to] {
                to += 1;
            }
            order[to] = axis;
            to += 1;
        }
        axis += 1;
    }
    Ok(order)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{check, f, tuple};

    #[test]
    fn sizes_move() {
        check(
            rule,
            &[
                (&[tuple(&[1]), tuple(&[-1])], &[f(&[2, 3, 4])], Ok(&[3, 4, 2])),
                (&[tuple(&[3]), tuple(&[1])], &[f(&[2, 3, 4])], Ok(&[4, 2, 3])),
                (&[tuple(&[1, 2]), tuple(&[2, 3])], &[f(&[2, 3, 4])], Ok(&[4, 2, 3])),
                (
                    &[tuple(&[1, 2]), tuple(&[1])],
                    &[f(&[2, 3])],
                    Err("moveaxis moves 2 axes to 1 places"),
                ),
                (
                    &[tuple(&[1, 1]), tuple(&[1, 2])],
                    &[f(&[2, 3])],
                    Err("moveaxis: axis 1 is chosen twice"),
                ),
            ],
        );
    }
}
