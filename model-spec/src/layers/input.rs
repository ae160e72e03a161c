//! `Input(28, 28, 1)`: a value that is given from outside, of this shape for each sample.
//! <https://keras.io/api/layers/core_layers/input/>

pub use crate::no_weights as weights;

use crate::catalogue::{Arg, ArgKind, Entry, Form, Inputs};
use crate::rules::{attempt, count, result, sizes};
use crate::words::DTYPE;
use crate::{ArgValue, Config, Kind, ShapeError, Value, Values, str_eq};

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    name: "Input",
    snake: "input",
    module: "layers::input",
    form: Form::Input,
    inputs: Inputs::Exactly(0),
    args: &[
        Arg::required("shape", ArgKind::Shape),
        Arg::new("dtype", ArgKind::Word(&DTYPE), ArgValue::Word("float32")),
    ],
    rule,
    weights,
    ..Entry::LAYER
};

const SHAPE: usize = 0;
const DTYPE_ARG: usize = 1;

/// The shape that is written; an index where the dtype is `int32`.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    attempt!(count("Input", inputs, 0, 0));
    if !matches!(config.get(SHAPE), ArgValue::Tuple(_) | ArgValue::Int(_)) {
        return Err(ShapeError::new("Input needs a shape")
            .help("write the shape of one sample: Input(28, 28, 1)"));
    }
    let mut value = Value::new(attempt!(sizes("Input", config.ints(SHAPE).as_slice())));
    if str_eq(config.word(DTYPE_ARG), "int32") {
        value.kind = Kind::Index;
    }
    result("Input", value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Shape;
    use crate::testing::{check, f, tuple};

    #[test]
    fn an_input_has_the_shape_that_is_written() {
        check(
            rule,
            &[
                (&[tuple(&[28, 28, 1])], &[], Ok(&[28, 28, 1])),
                (&[ArgValue::Int(784)], &[], Ok(&[784])),
                (&[tuple(&[])], &[], Ok(&[])),
                (&[tuple(&[-1, 8])], &[], Ok(&[Shape::ANY, 8])),
                (
                    &[tuple(&[28, 0])],
                    &[],
                    Err("Input: a size must be positive, but there is 0 in (28, 0)"),
                ),
                (
                    &[ArgValue::Int(-5)],
                    &[],
                    Err("Input: a size must be positive, but there is -5 in (-5)"),
                ),
                (
                    &[tuple(&[1 << 40, 1 << 40])],
                    &[],
                    Err(
                        "Input: (1099511627776, 1099511627776) has more values than can be counted",
                    ),
                ),
                (&[ArgValue::Int(5)], &[f(&[5])], Err("Input takes 0 inputs, but got 1")),
                (&[], &[], Err("Input needs a shape")),
            ],
        );
    }

    #[test]
    fn an_input_of_whole_numbers_is_an_index() {
        let config = [ArgValue::Int(5), ArgValue::Word("int32")];
        assert_eq!(rule(&Config::new(&config), &[]).unwrap().get(0), Value::index(&[5]));
    }
}
