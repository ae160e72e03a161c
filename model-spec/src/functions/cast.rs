//! `cast(x, dtype)`: the numbers as whole ones, as truth, or as numbers to compute with.
//! <https://keras.io/api/ops/core/>

pub use crate::no_weights as weights;

use super::entry;
use crate::catalogue::{Arg, ArgKind, Entry, Inputs};
use crate::rules::{attempt, one};
use crate::words::CAST;
use crate::{Config, Kind, ShapeError, Value, Values, str_eq};

/// The catalogue's entry.
pub const ENTRY: Entry = entry(
    "cast",
    "functions::cast",
    Inputs::Exactly(1),
    &[Arg::required("dtype", ArgKind::Word(&CAST))],
    rule,
);

const DTYPE: usize = 0;

/// The shape stays, and the mask; `int32` gives indices.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    let mut value = attempt!(one("cast", inputs));
    value.kind = if str_eq(config.word(DTYPE), "int32") { Kind::Index } else { Kind::Float };
    Ok(Values::one(value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ArgValue::Word;
    use crate::testing::f;

    #[test]
    fn the_kind_is_that_of_the_word() {
        let cast = |word, input| rule(&Config::new(&[Word(word)]), &[input]);
        assert_eq!(cast("int32", f(&[3])), Ok(Values::one(Value::index(&[3]))));
        assert_eq!(cast("float32", Value::index(&[3])), Ok(Values::one(f(&[3]))));
        assert_eq!(cast("bool", f(&[])), Ok(Values::one(f(&[]))));
    }
}
