//! `Activation(relu)`: a function of each number, or of the numbers along the last axis.
//! <https://keras.io/api/layers/core_layers/activation/>

pub use crate::no_weights as weights;

use crate::catalogue::{Arg, ArgKind, Entry, Form, Inputs};
use crate::rules::{attempt, one_float};
use crate::words::ACTIVATION;
use crate::{Config, ShapeError, Value, Values, resolve_axis, str_eq};

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    name: "Activation",
    snake: "activation",
    module: "layers::activation",
    form: Form::Layer,
    inputs: Inputs::Exactly(1),
    args: &[Arg::required("activation", ArgKind::Word(&ACTIVATION))],
    rule,
    weights,
    ..Entry::LAYER
};

const ACTIVATION_ARG: usize = 0;

/// The shape stays.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    let input = attempt!(one_float("Activation", inputs));
    let word = config.word(ACTIVATION_ARG);
    let along_axis = str_eq(word, "softmax") || str_eq(word, "log_softmax");
    if along_axis && !input.is_poison() {
        attempt!(resolve_axis(word, -1, &input.shape));
    }
    Ok(Values::one(input))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ArgValue;
    use crate::testing::{check, f};

    #[test]
    fn the_shape_stays() {
        let relu = [ArgValue::Word("relu")];
        let softmax = [ArgValue::Word("softmax")];
        check(
            rule,
            &[
                (&relu, &[f(&[3, 4])], Ok(&[3, 4])),
                (&relu, &[f(&[])], Ok(&[])),
                (&[ArgValue::Rust], &[f(&[2])], Ok(&[2])),
                (&softmax, &[f(&[3, 4])], Ok(&[3, 4])),
                (
                    &softmax,
                    &[f(&[])],
                    Err("softmax needs an axis, but the input is one number, ()"),
                ),
            ],
        );
    }
}
