//! `Embedding(input_dim, output_dim)`: for each index, a row of a table.
//! <https://keras.io/api/layers/core_layers/embedding/>

use crate::catalogue::{Arg, ArgKind, Entry, Form, Inputs};
use crate::convolution::{constraint, initializer, regularizer};
use crate::rules::{attempt, one, push, result, size};
use crate::text::Text;
use crate::{ArgValue, Config, Kind, Shape, ShapeError, Value, Values, Weights};

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    name: "Embedding",
    snake: "embedding",
    module: "layers::embedding",
    form: Form::Layer,
    inputs: Inputs::Exactly(1),
    args: &[
        Arg::required("input_dim", ArgKind::Size),
        Arg::required("output_dim", ArgKind::Size),
        initializer("embeddings_initializer", "random_uniform"),
        regularizer("embeddings_regularizer"),
        constraint("embeddings_constraint"),
        Arg::new("mask_zero", ArgKind::Bool, ArgValue::Bool(false)),
    ],
    rule,
    weights,
    ..Entry::LAYER
};

const INPUT_DIM: usize = 0;
const OUTPUT_DIM: usize = 1;
const MASK_ZERO: usize = 5;

/// `(…)` becomes `(…, output_dim)`.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    let input = attempt!(one("Embedding", inputs));
    if input.is_poison() {
        return Ok(Values::POISON);
    }
    if matches!(input.kind, Kind::Float) {
        return Err(ShapeError::new(
            "Embedding looks up rows by their index, but the input is numbers to compute with",
        )
        .help_of(input_of_indices(&input.shape)));
    }
    attempt!(size("Embedding", "input_dim", config, INPUT_DIM));
    let rows = attempt!(size("Embedding", "output_dim", config, OUTPUT_DIM));
    let shape = attempt!(push("Embedding", &input.shape, rows));
    result("Embedding", Value { mask: config.bool(MASK_ZERO), ..Value::new(shape) })
}

/// What to write for an Input of this shape.
const fn input_of_indices(shape: &Shape) -> Text {
    let mut text = Text::new("declare the Input as one of indices: Input(");
    let mut axis = 0;
    while axis < shape.rank() {
        text = text.dim(shape.dim(axis)).str(", ");
        axis += 1;
    }
    if shape.rank() == 0 {
        text = text.str("(), ");
    }
    text.str("dtype = int32)")
}

/// `embeddings` `(input_dim, output_dim)`.
pub const fn weights(config: &Config<'_>, _inputs: &[Value]) -> Weights {
    let (rows, columns) = (config.int(INPUT_DIM) as usize, config.int(OUTPUT_DIM) as usize);
    Weights::NONE.and("embeddings", Shape::new(&[rows, columns]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{check, f};

    #[test]
    fn an_axis_is_added() {
        let args = [ArgValue::Int(1000), ArgValue::Int(8)];
        check(
            rule,
            &[
                (&args, &[Value::index(&[5])], Ok(&[5, 8])),
                (&args, &[Value::index(&[Shape::ANY])], Ok(&[Shape::ANY, 8])),
                (&args, &[Value::index(&[])], Ok(&[8])),
                (
                    &args,
                    &[f(&[5])],
                    Err("Embedding looks up rows by their index, but the input is numbers to \
                         compute with"),
                ),
                (
                    &[ArgValue::Int(0), ArgValue::Int(8)],
                    &[Value::index(&[5])],
                    Err("Embedding: input_dim must be a positive whole number, but is 0"),
                ),
            ],
        );
        assert_eq!(
            rule(&Config::new(&args), &[Value::index(&[5])]).unwrap().get(0).kind,
            Kind::Float
        );
        assert_eq!(weights(&Config::new(&args), &[Value::index(&[5])]).size(), 8000);
    }
}
