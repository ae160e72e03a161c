//! `Concatenate(axis = -1)`: the inputs joined along an axis.
//! <https://keras.io/api/layers/merging_layers/concatenate/>

pub use crate::no_weights as weights;

use crate::catalogue::{Arg, ArgKind, Entry, Form, Inputs};
use crate::rules::{Axes, any_mask, any_poison, attempt, count, result, same};
use crate::{ArgValue, Config, Shape, ShapeError, Text, Value, Values, resolve_axis};

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    name: "Concatenate",
    snake: "concatenate",
    module: "layers::concatenate",
    form: Form::Layer,
    inputs: Inputs::AtLeast(2),
    args: &[Arg::new("axis", ArgKind::Int, ArgValue::Int(-1))],
    rule,
    weights,
    ..Entry::LAYER
};

const AXIS: usize = 0;

/// The sizes of the joined axis add up; the others are equal. The result carries a mask where one
/// of the inputs does.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    let mut value = attempt!(joined("Concatenate", config.int(AXIS), inputs, 2));
    value.mask = any_mask(inputs);
    result("Concatenate", value)
}

/// What `least` inputs or more become, joined along `axis`; without a mask.
pub(crate) const fn joined(
    layer: &str,
    axis: i64,
    inputs: &[Value],
    least: usize,
) -> Result<Value, ShapeError> {
    attempt!(count(layer, inputs, least, usize::MAX));
    if any_poison(inputs) {
        return Ok(Value::POISON);
    }
    let first = inputs[0];
    let axis = attempt!(resolve_axis(layer, axis, &first.shape));
    let mut shape = first.shape;
    let mut i = 1;
    while i < inputs.len() {
        attempt!(same_kind(layer, &first, &inputs[i]));
        shape = attempt!(join(layer, axis, &shape, &first.shape, &inputs[i].shape));
        i += 1;
    }
    Ok(Value { shape, kind: first.kind, mask: false })
}

/// Refuses numbers and indices in one value.
pub(crate) const fn same_kind(layer: &str, a: &Value, b: &Value) -> Result<(), ShapeError> {
    if a.kind as u8 == b.kind as u8 {
        return Ok(());
    }
    Err(ShapeError::of(
        Text::new("the inputs of ")
            .str(layer)
            .str(" differ in kind: one is numbers, the other an index (dtype = int32)"),
    )
    .help("give both Inputs the same dtype"))
}

/// Joins `next` to what has been joined so far; `first` is what its sizes are compared with.
const fn join(
    layer: &str,
    joined: usize,
    so_far: &Shape,
    first: &Shape,
    next: &Shape,
) -> Result<Shape, ShapeError> {
    attempt!(same_rank(layer, first, next));
    let (mut shape, mut axes) = (*so_far, Axes::NONE);
    let mut axis = 0;
    while axis < first.rank() {
        let (sum, dim) = (so_far.dim(axis), next.dim(axis));
        let size = if axis != joined {
            same(sum, dim)
        } else if sum == Shape::ANY || dim == Shape::ANY {
            Some(Shape::ANY)
        } else {
            // A sum that reaches ANY is refused as too large by `result`.
            let total = sum.saturating_add(dim);
            Some(if total == Shape::ANY { Shape::ANY - 1 } else { total })
        };
        match size {
            Some(size) => shape = shape.with(axis, size),
            None => axes = axes.and(axis),
        }
        axis += 1;
    }
    if axes.count > 0 {
        return Err(differing(layer, &so_far.with(joined, first.dim(joined)), next, &axes));
    }
    Ok(shape)
}

/// The error of two shapes that differ in these axes, which are not joined.
const fn differing(layer: &str, a: &Shape, b: &Shape, axes: &Axes) -> ShapeError {
    let text = axes.name(Text::new("the inputs of ").str(layer).str(" differ in "));
    let help = axes.name(Text::new("make ")).str(" equal in all, for example with padding = same");
    if axes.count > 1 {
        let text = text.str(", which are not joined: ").shape(a).str(" and ").shape(b);
        return ShapeError::of(text).help_of(help.str(" and the same strides, or a slice"));
    }
    let mut axis = 0;
    while !axes.differ[axis] {
        axis += 1;
    }
    let text = text.str(", which is not joined: ").dim(a.dim(axis)).str(" in ").shape(a);
    let text = text.str(" and ").dim(b.dim(axis)).str(" in ").shape(b);
    let help = help.str(" or a slice; or join along it: axis = ").int(axis as i64 + 1);
    ShapeError::of(text).help_of(help)
}

/// Refuses shapes with different numbers of axes.
pub(crate) const fn same_rank(layer: &str, a: &Shape, b: &Shape) -> Result<(), ShapeError> {
    if a.rank() == b.rank() {
        return Ok(());
    }
    Err(ShapeError::of(
        Text::new("the inputs of ")
            .str(layer)
            .str(" differ in their number of axes: ")
            .int(a.rank() as i64)
            .str(" in ")
            .shape(a)
            .str(" and ")
            .int(b.rank() as i64)
            .str(" in ")
            .shape(b),
    )
    .help("give them the same number of axes with Reshape or Flatten"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{check, f};

    const ANY: usize = Shape::ANY;

    #[test]
    fn the_joined_axis_adds_up() {
        let last = [ArgValue::Int(-1)];
        check(
            rule,
            &[
                (&last, &[f(&[26, 26, 8]), f(&[26, 26, 16])], Ok(&[26, 26, 24])),
                (&last, &[f(&[1]), f(&[2]), f(&[3])], Ok(&[6])),
                (&[ArgValue::Int(1)], &[f(&[2, 5]), f(&[3, 5])], Ok(&[5, 5])),
                (&last, &[f(&[ANY, 5]), f(&[3, ANY])], Ok(&[3, ANY])),
                (&last, &[Value::index(&[2]), Value::index(&[3])], Ok(&[5])),
                (
                    &last,
                    &[f(&[26, 26, 8]), f(&[28, 28, 16])],
                    Err("the inputs of Concatenate differ in axes 1 and 2, which are not joined: \
                         (26, 26, 8) and (28, 28, 16)"),
                ),
                (
                    &last,
                    &[f(&[26, 28, 8]), f(&[28, 28, 16])],
                    Err("the inputs of Concatenate differ in axis 1, which is not joined: 26 in \
                         (26, 28, 8) and 28 in (28, 28, 16)"),
                ),
                (
                    &last,
                    &[f(&[26, 8]), f(&[8])],
                    Err("the inputs of Concatenate differ in their number of axes: 2 in (26, 8) \
                         and 1 in (8)"),
                ),
                (
                    &last,
                    &[f(&[4]), Value::index(&[4])],
                    Err("the inputs of Concatenate differ in kind: one is numbers, the other an \
                         index (dtype = int32)"),
                ),
                (&last, &[f(&[4])], Err("Concatenate takes at least 2 inputs, but got 1")),
                (
                    &last,
                    &[f(&[]), f(&[])],
                    Err("Concatenate needs an axis, but the input is one number, ()"),
                ),
            ],
        );
    }

    #[test]
    fn a_sum_that_overflows_is_refused() {
        let huge = f(&[usize::MAX - 1]);
        assert!(rule(&Config::new(&[ArgValue::Int(-1)]), &[huge, huge]).is_err());
    }
}
