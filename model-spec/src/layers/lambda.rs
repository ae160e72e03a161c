//! `Lambda(|x| …, output_shape = (5,))`: a closure over values, which sees the sample axis first.
//! <https://keras.io/api/layers/core_layers/lambda/>

pub use crate::no_weights as weights;

use crate::catalogue::{Arg, ArgKind, Entry, Form, Inputs};
use crate::rules::{any_poison, attempt, count, result, sizes};
use crate::{ArgValue, Config, Shape, ShapeError, Text, Value, Values};

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    name: "Lambda",
    snake: "lambda",
    module: "layers::lambda",
    form: Form::Lambda,
    inputs: Inputs::AtLeast(1),
    args: &[
        Arg::required("function", ArgKind::Closure),
        Arg::new("output_shape", ArgKind::OutputShape, ArgValue::Unset),
    ],
    rule,
    weights,
    ..Entry::LAYER
};

const OUTPUT_SHAPE: usize = 1;

/// The shape that is declared, or that of the only input. Numbers come out, without a mask.
///
/// A function of the input's shape is called by who calls this, which gives its result as a tuple;
/// the function itself gives [`Values::POISON`].
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    attempt!(count("Lambda", inputs, 1, usize::MAX));
    if any_poison(inputs) {
        return Ok(Values::POISON);
    }
    match config.get(OUTPUT_SHAPE) {
        ArgValue::Tuple(_) | ArgValue::Int(_) => {
            let declared = config.ints(OUTPUT_SHAPE);
            result("Lambda", Value::new(attempt!(sizes("Lambda", declared.as_slice()))))
        }
        ArgValue::Rust => Ok(Values::POISON),
        _ if inputs.len() > 1 => {
            Err(ShapeError::new("Lambda with several inputs does not say what shape comes out")
                .help("write output_shape = (…), without the sample axis"))
        }
        _ => Ok(Values::shape(inputs[0].shape)),
    }
}

/// Refuses another number of inputs than the closure of the Lambda at `path` takes.
pub const fn arity(path: &str, arity: usize, inputs: &[Value]) -> Result<(), ShapeError> {
    count(named(path).as_str(), inputs, arity, arity)
}

/// Says that the Lambda at `path` returned another shape than it declares, or than its input has
/// where nothing is declared.
pub const fn returned(
    path: &str,
    declared: Option<&Shape>,
    got: &Shape,
    inputs: &[Value],
) -> ShapeError {
    let mut text = named(path);
    text = match declared {
        Some(declared) => text.str(" declared output_shape ").shape(declared).str(", but"),
        None => text.str(" declared no output_shape, so the shape stays, but"),
    };
    text = text.str(" returned ").shape(got).str(" for ");
    text = text.str(if inputs.len() == 1 { "an input of " } else { "inputs of " });
    let mut i = 0;
    while i < inputs.len() {
        text = text.str(if i > 0 { " and " } else { "" }).shape(&inputs[i].shape);
        i += 1;
    }
    ShapeError::of(text).help_of(Text::new("write output_shape = ").shape(got))
}

/// Says that the Lambda at `path` returned something else than one result for each sample.
pub const fn samples(path: &str, got: Option<usize>, samples: usize) -> ShapeError {
    let text = named(path).str(" must return one result for each sample, but returned ");
    let text = match got {
        Some(got) => text.int(got as i64),
        None => text.str("one number"),
    };
    ShapeError::of(text.str(" for ").int(samples as i64).str(" samples"))
        .help("the first axis in the closure is that of the samples, which must stay")
}

const fn named(path: &str) -> Text {
    if path.is_empty() { Text::new("Lambda") } else { Text::new("Lambda ").str(path) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{check, f, tuple};

    #[test]
    fn the_shape_is_the_declared_one_or_stays() {
        const CLOSURE: ArgValue = ArgValue::Rust;
        check(
            rule,
            &[
                (&[CLOSURE, ArgValue::Unset], &[f(&[3, 4])], Ok(&[3, 4])),
                (&[CLOSURE, tuple(&[5])], &[f(&[10])], Ok(&[5])),
                (&[CLOSURE, ArgValue::Int(5)], &[f(&[10]), f(&[3])], Ok(&[5])),
                (&[CLOSURE, tuple(&[])], &[f(&[10])], Ok(&[])),
                (&[CLOSURE, tuple(&[-1, 2])], &[f(&[10])], Ok(&[Shape::ANY, 2])),
                (
                    &[CLOSURE, ArgValue::Unset],
                    &[f(&[3]), f(&[3])],
                    Err("Lambda with several inputs does not say what shape comes out"),
                ),
                (
                    &[CLOSURE, tuple(&[0])],
                    &[f(&[3])],
                    Err("Lambda: a size must be positive, but there is 0 in (0)"),
                ),
            ],
        );
    }

    #[test]
    fn a_closure_that_breaks_its_word_is_named() {
        let (declared, got) = (Shape::new(&[6]), Shape::new(&[5]));
        let error = returned("half", Some(&declared), &got, &[f(&[10])]);
        assert_eq!(
            error.sentence(),
            "Lambda half declared output_shape (6), but returned (5) for an input of (10)"
        );
        let error = returned("", None, &got, &[f(&[10]), f(&[3])]);
        assert_eq!(
            error.sentence(),
            "Lambda declared no output_shape, so the shape stays, but returned (5) for inputs of \
             (10) and (3)"
        );
        assert_eq!(
            arity("half", 2, &[f(&[10])]).unwrap_err().sentence(),
            "Lambda half takes 2 inputs, but got 1"
        );
        assert_eq!(
            samples("half", None, 32).sentence(),
            "Lambda half must return one result for each sample, but returned one number for 32 \
             samples"
        );
    }
}
