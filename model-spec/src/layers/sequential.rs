//! `Sequential([…])`: layers called one after the other.
//! <https://keras.io/api/models/sequential/>

pub use crate::no_weights as weights;

use crate::catalogue::{Entry, Form, Inputs};
use crate::rules::{attempt, one};
use crate::{Config, ShapeError, Value, Values};

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    name: "Sequential",
    snake: "sequential",
    module: "layers::sequential",
    form: Form::Sequential,
    inputs: Inputs::Exactly(1),
    args: &[],
    rule,
    weights,
    ..Entry::LAYER
};

/// What an empty list returns, the input; the layers in the list have rules of their own.
pub const fn rule(_config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    Ok(Values::one(attempt!(one("Sequential", inputs))))
}
