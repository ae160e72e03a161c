//! `zeros(shape)`, `ones(shape)`, `full(shape, fill_value)`: the same number everywhere, for each
//! sample. <https://keras.io/api/ops/numpy/>

pub use crate::no_weights as weights;

use super::entry as function;
use crate::catalogue::{Arg, ArgKind, Entry, Inputs};
use crate::rules::{attempt, count, result, sizes};
use crate::{Config, ShapeError, Text, Value, Values};

const SHAPE: Arg = Arg::required("shape", ArgKind::Shape);

const fn entry(name: &'static str, args: &'static [Arg]) -> Entry {
    function(name, "functions::constant", Inputs::Exactly(0), args, rule)
}

/// `zeros(shape)`: 0 everywhere.
pub const ZEROS: Entry = entry("zeros", &[SHAPE]);
/// `ones(shape)`: 1 everywhere.
pub const ONES: Entry = entry("ones", &[SHAPE]);
/// `full(shape, fill_value)`: one number everywhere.
pub const FULL: Entry = entry("full", &[SHAPE, Arg::required("fill_value", ArgKind::Float)]);

/// The shape that is given.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    attempt!(count("a constant", inputs, 0, 0));
    let shape = attempt!(sizes("a constant", config.ints(0).as_slice()));
    if !shape.is_known() {
        let text = Text::new("a constant needs all its sizes, but there is _ in ");
        return Err(ShapeError::of(text.shape(&shape))
            .help("zeros_like, ones_like and full_like have the shape of a value"));
    }
    result("a constant", Value::new(shape))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{check, f, tuple};

    #[test]
    fn the_shape_is_that_of_the_argument() {
        check(
            rule,
            &[
                (&[tuple(&[3, 4])], &[], Ok(&[3, 4])),
                (&[tuple(&[])], &[], Ok(&[])),
                (
                    &[tuple(&[3, -1])],
                    &[],
                    Err("a constant needs all its sizes, but there is _ in (3, _)"),
                ),
                (
                    &[tuple(&[3, 0])],
                    &[],
                    Err("a constant: a size must be positive, but there is 0 in (3, 0)"),
                ),
                (&[tuple(&[3])], &[f(&[3])], Err("a constant takes 0 inputs, but got 1")),
            ],
        );
    }
}
