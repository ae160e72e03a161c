//! `Reshape(7, 7, 64)`: the same numbers, in the same order, along other axes.
//! <https://keras.io/api/layers/reshaping_layers/reshape/>

pub use crate::no_weights as weights;

use crate::catalogue::{Arg, ArgKind, Entry, Form, Inputs};
use crate::rules::{attempt, one, result, sizes};
use crate::{ArgValue, Config, Shape, ShapeError, Text, Value, Values};

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    name: "Reshape",
    snake: "reshape",
    module: "layers::reshape",
    form: Form::Layer,
    inputs: Inputs::Exactly(1),
    args: &[Arg::required("target_shape", ArgKind::Shape)],
    rule,
    weights,
    ..Entry::LAYER
};

const TARGET_SHAPE: usize = 0;

/// The target shape, in which one size may be -1: what is left over.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    reshaped("Reshape", config.get(TARGET_SHAPE), inputs)
}

/// The rule of what gives a value another shape.
pub(crate) const fn reshaped(
    layer: &str,
    target: ArgValue,
    inputs: &[Value],
) -> Result<Values, ShapeError> {
    let mut value = attempt!(one(layer, inputs));
    if value.is_poison() {
        return Ok(Values::POISON);
    }
    let target = [target];
    let config = Config::new(&target);
    if !matches!(target[0], ArgValue::Tuple(_) | ArgValue::Int(_)) {
        return Err(ShapeError::of(Text::new(layer).str(" needs a shape"))
            .help("write the shape of one sample: (7, 7, 64)"));
    }
    let target = config.ints(0);
    let shape = attempt!(sizes(layer, target.as_slice()));
    attempt!(result(layer, value.with_shape(shape)));
    value.shape = attempt!(fit(layer, target.as_slice(), &shape, &value.shape));
    value.mask = false;
    result(layer, value)
}

/// The target with its size of -1 found out.
const fn fit(
    layer: &str,
    target: &[i64],
    shape: &Shape,
    input: &Shape,
) -> Result<Shape, ShapeError> {
    let mut known = 1;
    let mut open = None;
    let mut axis = 0;
    while axis < shape.rank() {
        if shape.dim(axis) != Shape::ANY {
            known *= shape.dim(axis);
        } else if open.is_some() {
            return Err(ShapeError::of(
                Text::new(layer).str(": only one size can be -1, but two are in ").ints(target),
            )
            .help("write numbers for the others"));
        } else {
            open = Some(axis);
        }
        axis += 1;
    }
    let Some(size) = input.size() else { return Ok(*shape) };
    match open {
        Some(axis) if size % known == 0 => Ok(shape.with(axis, size / known)),
        None if size == known => Ok(*shape),
        _ => Err(ShapeError::of(
            Text::new(layer)
                .str("(")
                .ints(target)
                .str(")")
                .str(if open.is_some() { " needs a multiple of " } else { " needs " })
                .int(known as i64)
                .str(" values per sample, but the input has ")
                .int(size as i64),
        )
        .help_of(help(shape, open, size, known))),
    }
}

/// What would fit: the target with one other size, or sizes with the product that is needed.
const fn help(shape: &Shape, open: Option<usize>, size: usize, known: usize) -> Text {
    let mut axis = shape.rank();
    while open.is_none() && axis > 0 {
        axis -= 1;
        let others = known / shape.dim(axis);
        if size.is_multiple_of(others) {
            let fitting = shape.with(axis, size / others);
            return Text::new("")
                .shape(&fitting)
                .str(" would fit, with ")
                .int(size as i64)
                .str(" values; or write one axis as -1");
        }
    }
    factors(Text::new("write sizes whose product is "), size)
}

/// Appends `784 = 2 * 2 * 2 * 2 * 7 * 7`, with small factors only.
const fn factors(text: Text, size: usize) -> Text {
    let mut text = text.int(size as i64).str(" = ");
    let mut rest = size;
    let mut factor = 2;
    while factor < 100 && rest > factor {
        while rest > factor && rest.is_multiple_of(factor) {
            text = text.int(factor as i64).str(" * ");
            rest /= factor;
        }
        factor += 1;
    }
    text.int(rest as i64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{check, f, tuple};

    const ANY: usize = Shape::ANY;

    #[test]
    fn the_number_of_values_stays() {
        check(
            rule,
            &[
                (&[tuple(&[28, 28, 1])], &[f(&[784])], Ok(&[28, 28, 1])),
                (&[tuple(&[28, -1])], &[f(&[784])], Ok(&[28, 28])),
                (&[ArgValue::Int(-1)], &[f(&[7, 7])], Ok(&[49])),
                (&[ArgValue::Int(1)], &[f(&[])], Ok(&[1])),
                (&[tuple(&[])], &[f(&[1])], Ok(&[])),
                (&[tuple(&[-1, 3])], &[f(&[ANY])], Ok(&[ANY, 3])),
                (&[tuple(&[4, 3])], &[f(&[ANY, 2])], Ok(&[4, 3])),
                (
                    &[tuple(&[7, 7, 5])],
                    &[f(&[784])],
                    Err("Reshape((7, 7, 5)) needs 245 values per sample, but the input has 784"),
                ),
                (
                    &[tuple(&[10, -1])],
                    &[f(&[784])],
                    Err("Reshape((10, -1)) needs a multiple of 10 values per sample, but the \
                         input has 784"),
                ),
                (
                    &[tuple(&[-1, -1])],
                    &[f(&[784])],
                    Err("Reshape: only one size can be -1, but two are in (-1, -1)"),
                ),
                (
                    &[tuple(&[7, 0])],
                    &[f(&[784])],
                    Err("Reshape: a size must be positive, but there is 0 in (7, 0)"),
                ),
                (&[], &[f(&[784])], Err("Reshape needs a shape")),
            ],
        );
    }

    #[test]
    fn the_help_says_what_would_fit() {
        for (target, help) in [
            (tuple(&[7, 7, 5]), "(7, 7, 16) would fit, with 784 values; or write one axis as -1"),
            (tuple(&[5, 7, 7]), "(16, 7, 7) would fit, with 784 values; or write one axis as -1"),
            (tuple(&[10, -1]), "write sizes whose product is 784 = 2 * 2 * 2 * 2 * 7 * 7"),
            (tuple(&[5, 5]), "write sizes whose product is 784 = 2 * 2 * 2 * 2 * 7 * 7"),
        ] {
            let error = rule(&Config::new(&[target]), &[f(&[784])]).unwrap_err();
            assert_eq!(error.help_text(), help);
        }
    }
}
