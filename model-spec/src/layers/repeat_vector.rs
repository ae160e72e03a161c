//! `RepeatVector(n)`: the input, `n` times one after the other.
//! <https://keras.io/api/layers/reshaping_layers/repeat_vector/>

pub use crate::no_weights as weights;

use crate::catalogue::{Arg, ArgKind, Entry, Form, Inputs};
use crate::rules::{attempt, one, result, size};
use crate::{Config, ShapeError, Text, Value, Values};

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    name: "RepeatVector",
    snake: "repeat_vector",
    module: "layers::repeat_vector",
    form: Form::Layer,
    inputs: Inputs::Exactly(1),
    args: &[Arg::required("n", ArgKind::Size)],
    rule,
    weights,
    ..Entry::LAYER
};

const N: usize = 0;

/// `(features)` becomes `(n, features)`.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    let mut value = attempt!(one("RepeatVector", inputs));
    if value.is_poison() {
        return Ok(Values::POISON);
    }
    if value.shape.rank() != 1 {
        return Err(ShapeError::of(
            Text::new("RepeatVector takes a value with one axis, but the input is ")
                .shape(&value.shape),
        )
        .help("put Flatten() before it"));
    }
    let n = attempt!(size("RepeatVector", "n", config, N));
    value.shape = value.shape.with_first(n);
    value.mask = false;
    result("RepeatVector", value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{check, f};
    use crate::{ArgValue, Shape};

    #[test]
    fn a_vector_is_repeated() {
        let three = [ArgValue::Int(3)];
        check(
            rule,
            &[
                (&three, &[f(&[32])], Ok(&[3, 32])),
                (&three, &[f(&[Shape::ANY])], Ok(&[3, Shape::ANY])),
                (
                    &three,
                    &[f(&[4, 32])],
                    Err("RepeatVector takes a value with one axis, but the input is (4, 32)"),
                ),
                (
                    &three,
                    &[f(&[])],
                    Err("RepeatVector takes a value with one axis, but the input is ()"),
                ),
                (
                    &[ArgValue::Int(0)],
                    &[f(&[4])],
                    Err("RepeatVector: n must be a positive whole number, but is 0"),
                ),
            ],
        );
    }
}
