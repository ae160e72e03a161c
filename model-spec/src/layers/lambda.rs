//! `Lambda(|x| …, output_shape = (5,))`: a closure over values, which sees the sample axis first.
//! <https://keras.io/api/layers/core_layers/lambda/>

pub use crate::no_parameters as parameters;

use crate::catalogue::{Arg, ArgKind, Entry, Form, Inputs};
use crate::rules::{any_poison, attempt, count, result, sizes};
use crate::{ArgValue, Config, ShapeError, Value, Values};

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
    parameters,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Shape;
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
}
