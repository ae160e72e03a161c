//! `argmax(x, axis, keepdims = false)` and `argmin`: where the largest or smallest stands.
//! <https://keras.io/api/ops/numpy/>

pub use crate::no_weights as weights;

use super::{entry as function, one_axis};
use crate::catalogue::{Arg, ArgKind, Entry, Inputs};
use crate::rules::{attempt, one_float};
use crate::{ArgValue, Config, Kind, Shape, ShapeError, Value, Values};

const ARGS: &[Arg] = &[
    Arg::new("axis", ArgKind::Ints, ArgValue::Unset),
    Arg::new("keepdims", ArgKind::Bool, ArgValue::Bool(false)),
];

const fn entry(name: &'static str) -> Entry {
    function(name, "functions::argmax", Inputs::Exactly(1), ARGS, rule)
}

/// `argmax(x)`: the position of the largest; of several the first.
pub const ARGMAX: Entry = entry("argmax");
/// `argmin(x)`: the position of the smallest; of several the first.
pub const ARGMIN: Entry = entry("argmin");

const AXIS: usize = 0;
const KEEPDIMS: usize = 1;

/// An index in place of the axis; one for each sample where no axis is given.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    let input = attempt!(one_float("argmax", inputs));
    if input.is_poison() {
        return Ok(Values::POISON);
    }
    let chosen = attempt!(one_axis("argmax", &config.ints(AXIS), &input.shape));
    let mut shape = Shape::SCALAR;
    let mut axis = 0;
    while axis < input.shape.rank() {
        let goes = match chosen {
            Some(chosen) => axis == chosen,
            None => true,
        };
        if !goes {
            shape = shape.push(input.shape.dim(axis));
        } else if config.bool(KEEPDIMS) {
            shape = shape.push(1);
        }
        axis += 1;
    }
    Ok(Values::one(Value { shape, kind: Kind::Index, mask: false }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{check, f, tuple};

    #[test]
    fn an_index_takes_the_place_of_the_axis() {
        check(
            rule,
            &[
                (&[], &[f(&[3, 4])], Ok(&[])),
                (&[tuple(&[1])], &[f(&[3, 4])], Ok(&[4])),
                (&[tuple(&[-1]), ArgValue::Bool(true)], &[f(&[3, 4])], Ok(&[3, 1])),
                (&[tuple(&[1, 2])], &[f(&[3, 4])], Err("argmax takes one axis, but got several")),
            ],
        );
        let index = rule(&Config::new(&[]), &[f(&[3])]);
        assert_eq!(index, Ok(Values::one(Value::index(&[]))));
    }
}
