//! `tril(x, k = 0)` and `triu`: zeros above or below a diagonal of the last two axes.
//! <https://keras.io/api/ops/numpy/>

pub use crate::no_weights as weights;

use super::entry as function;
use crate::catalogue::{Arg, ArgKind, Entry, Inputs};
use crate::rules::{attempt, one_float};
use crate::{ArgValue, Config, ShapeError, Text, Value, Values};

const ARGS: &[Arg] = &[Arg::new("k", ArgKind::Int, ArgValue::Int(0))];

const fn entry(name: &'static str) -> Entry {
    function(name, "functions::tril", Inputs::Exactly(1), ARGS, rule)
}

/// `tril(x)`: the numbers on and below diagonal `k`; 1 is the one above the main diagonal.
pub const TRIL: Entry = entry("tril");
/// `triu(x)`: the numbers on and above diagonal `k`.
pub const TRIU: Entry = entry("triu");

/// The shape stays; there are two axes.
pub const fn rule(_config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    let input = attempt!(one_float("a triangle", inputs));
    if !input.is_poison() && input.shape.rank() < 2 {
        let text = Text::new("a triangle needs a matrix, but the input is ").shape(&input.shape);
        return Err(ShapeError::of(text).help("give it two axes with reshape or expand_dims"));
    }
    Ok(Values::shape(input.shape))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{check, f};

    #[test]
    fn the_shape_stays() {
        check(
            rule,
            &[
                (&[], &[f(&[3, 4])], Ok(&[3, 4])),
                (&[], &[f(&[2, 3, 4])], Ok(&[2, 3, 4])),
                (&[], &[f(&[3])], Err("a triangle needs a matrix, but the input is (3)")),
            ],
        );
    }
}
