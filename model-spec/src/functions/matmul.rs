//! `matmul(a, b)`: for each sample, the product of two matrices.
//! <https://keras.io/api/ops/numpy/>

pub use crate::no_weights as weights;

use crate::catalogue::{Entry, Form, Inputs};
use crate::rules::{any_poison, attempt, count, result, same};
use crate::{Config, Shape, ShapeError, Text, Value, Values, require_float};

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    name: "matmul",
    snake: "matmul",
    module: "functions::matmul",
    form: Form::Function,
    inputs: Inputs::Exactly(2),
    args: &[],
    rule,
    weights,
    ..Entry::LAYER
};

/// `(…, m, k)` and `(…, k, n)` become `(…, m, n)`, the axes before being equal. A value with one
/// axis is a row on the left and a column on the right, whose axis is missing in the result.
pub const fn rule(_config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    attempt!(count("matmul", inputs, 2, 2));
    if any_poison(inputs) {
        return Ok(Values::POISON);
    }
    attempt!(require_float("matmul", &inputs[0]));
    attempt!(require_float("matmul", &inputs[1]));
    let (a, b) = (inputs[0].shape, inputs[1].shape);
    if a.rank() == 0 || b.rank() == 0 {
        return Err(ShapeError::of(
            Text::new("matmul takes rows and columns, but got one number: ")
                .shape(&a)
                .str(" and ")
                .shape(&b),
        )
        .help("write * to multiply by a number"));
    }
    let inner = if b.rank() == 1 { 0 } else { b.rank() - 2 };
    if same(a.last(), b.dim(inner)).is_none() {
        return Err(ShapeError::of(
            Text::new("matmul: the last axis of ")
                .shape(&a)
                .str(" is ")
                .dim(a.last())
                .str(", but axis ")
                .int(inner as i64 + 1)
                .str(" of ")
                .shape(&b)
                .str(" is ")
                .dim(b.dim(inner)),
        )
        .help("the two are summed over and must be equal; transpose(x) swaps rows and columns"));
    }
    let mut shape = attempt!(leading(&a, &b));
    if a.rank() > 1 {
        shape = shape.push(a.dim(a.rank() - 2));
    }
    if b.rank() > 1 {
        shape = shape.push(b.last());
    }
    result("matmul", Value::new(shape))
}

/// The axes before the matrices: equal in both, or those of one where the other is a vector.
const fn leading(a: &Shape, b: &Shape) -> Result<Shape, ShapeError> {
    let (left, right) = (a.rank().saturating_sub(2), b.rank().saturating_sub(2));
    let most = if left > right { left } else { right };
    let vector = a.rank() == 1 || b.rank() == 1;
    let mut shape = Shape::SCALAR;
    let mut axis = 0;
    while axis < most {
        let dim = match (axis < left, axis < right) {
            (true, true) => same(a.dim(axis), b.dim(axis)),
            (true, false) if vector => Some(a.dim(axis)),
            (false, true) if vector => Some(b.dim(axis)),
            _ => None,
        };
        let Some(dim) = dim else {
            return Err(ShapeError::of(
                Text::new("matmul: the axes before the last two must be equal, but are those of ")
                    .shape(a)
                    .str(" and ")
                    .shape(b),
            )
            .help("make them equal with reshape"));
        };
        shape = shape.push(dim);
        axis += 1;
    }
    Ok(shape)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{check, f};

    #[test]
    fn rows_meet_columns() {
        check(
            rule,
            &[
                (&[], &[f(&[2, 3]), f(&[3, 4])], Ok(&[2, 4])),
                (&[], &[f(&[3]), f(&[3])], Ok(&[])),
                (&[], &[f(&[3]), f(&[3, 4])], Ok(&[4])),
                (&[], &[f(&[2, 3]), f(&[3])], Ok(&[2])),
                (&[], &[f(&[7, 2, 3]), f(&[7, 3, 4])], Ok(&[7, 2, 4])),
                (&[], &[f(&[7, 2, 3]), f(&[3])], Ok(&[7, 2])),
                (&[], &[f(&[3]), f(&[7, 3, 4])], Ok(&[7, 4])),
                (&[], &[f(&[2, Shape::ANY]), f(&[3, 4])], Ok(&[2, 4])),
                (
                    &[],
                    &[f(&[2, 3]), f(&[4, 5])],
                    Err("matmul: the last axis of (2, 3) is 3, but axis 1 of (4, 5) is 4"),
                ),
                (
                    &[],
                    &[f(&[7, 2, 3]), f(&[8, 3, 4])],
                    Err("matmul: the axes before the last two must be equal, but are those of \
                         (7, 2, 3) and (8, 3, 4)"),
                ),
                (
                    &[],
                    &[f(&[7, 2, 3]), f(&[3, 4])],
                    Err("matmul: the axes before the last two must be equal, but are those of \
                         (7, 2, 3) and (3, 4)"),
                ),
                (
                    &[],
                    &[f(&[]), f(&[3])],
                    Err("matmul takes rows and columns, but got one number: () and (3)"),
                ),
            ],
        );
    }
}
