//! `(values, indices) = top_k(x, k)`: the `k` largest along the last axis, and where they stand.
//! <https://keras.io/api/ops/core/>

pub use crate::no_weights as weights;

use super::entry;
use crate::catalogue::{Arg, ArgKind, Entry, Inputs, Outputs};
use crate::rules::{attempt, one_float, size};
use crate::{ArgValue, Config, Kind, Shape, ShapeError, Text, Value, Values};

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    outputs: Outputs::Several(two),
    ..entry(
        "top_k",
        "functions::top_k",
        Inputs::Exactly(1),
        &[
            Arg::required("k", ArgKind::Size),
            Arg::new("sorted", ArgKind::Bool, ArgValue::Bool(true)),
        ],
        rule,
    )
};

fn two(_config: &Config<'_>) -> usize {
    2
}

const K: usize = 0;

/// Two values with `k` in place of the last size.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    let input = attempt!(one_float("top_k", inputs));
    if input.is_poison() {
        return Ok(Values::new(&[Value::POISON, Value::POISON]));
    }
    let k = attempt!(size("top_k", "k", config, K));
    let shape = input.shape;
    if shape.rank() == 0 {
        return Err(ShapeError::new("top_k needs an axis, but the input is one number, ()")
            .help("give it an axis: expand_dims(x, 1)"));
    }
    if shape.last() != Shape::ANY && k > shape.last() {
        return Err(ShapeError::of(
            Text::new("top_k takes the ")
                .int(k as i64)
                .str(" largest of the last axis, but ")
                .shape(&shape)
                .str(" has ")
                .dim(shape.last()),
        )
        .help_of(Text::new("write a k of at most ").dim(shape.last())));
    }
    let value = Value::new(shape.with(shape.rank() - 1, k));
    Ok(Values::new(&[value, Value { kind: Kind::Index, ..value }]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{check, f};

    #[test]
    fn the_last_size_becomes_k() {
        let two = [ArgValue::Int(2)];
        check(
            rule,
            &[
                (&two, &[f(&[3, 4])], Ok(&[3, 2])),
                (&two, &[f(&[Shape::ANY])], Ok(&[2])),
                (
                    &two,
                    &[f(&[3, 1])],
                    Err("top_k takes the 2 largest of the last axis, but (3, 1) has 1"),
                ),
                (&two, &[f(&[])], Err("top_k needs an axis, but the input is one number, ()")),
            ],
        );
        let values = rule(&Config::new(&two), &[f(&[4])]).unwrap();
        assert_eq!(values.as_slice(), [f(&[2]), Value::index(&[2])]);
    }
}
