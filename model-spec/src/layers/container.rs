//! `Container(|a, b| { … })`: a part of a model with weights of its own, written where it is used.
//! <https://keras.io/api/models/model/>

pub use crate::no_weights as weights;

use crate::catalogue::{Entry, Form, Inputs};
use crate::rules::{attempt, count};
use crate::{Config, MAX_VALUES, ShapeError, Value, Values};

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    name: "Container",
    snake: "container",
    module: "layers::container",
    form: Form::Container,
    inputs: Inputs::AtLeast(1),
    args: &[],
    rule,
    weights,
    ..Entry::LAYER
};

/// What an empty body returns, the inputs; the layers in it have rules of their own.
pub const fn rule(_config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    attempt!(count("Container", inputs, 1, MAX_VALUES));
    Ok(Values::new(inputs))
}
