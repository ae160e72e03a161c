//! What exists in a model: shapes, and for each layer and function its arguments and its shape
//! rule.
//!
//! A rule is needed three times: by the macro while it expands, by constants that the macro emits
//! where it meets a size that it cannot know, and at run time where data comes in. It is written
//! once, here, as a `const fn`.
//!
//! ```
//! use model_spec::{ArgValue, Config, Shape, Value, layers::dense};
//! let config = Config::new(&[ArgValue::Int(64)]);
//! let values = dense::rule(&config, &[Value::float(&[28, 784])]).unwrap();
//! assert_eq!(values.get(0).shape, Shape::new(&[28, 64]));
//! ```
//!
//! A new layer is a file in `layers` and a line in [`LAYERS`]; see CONTRIBUTING.md.

mod attention;
mod axis;
mod catalogue;
mod config;
mod convolution;
mod error;
pub mod functions;
mod image;
pub mod layers;
mod normalization;
pub mod operators;
mod recurrent;
mod rules;
mod shape;
mod slice;
mod term;
#[cfg(test)]
mod testing;
mod text;
mod value;
mod weights;
mod window;
pub mod words;

pub use axis::{resolve_axes, resolve_axis};
pub use catalogue::{
    Arg, ArgKind, Entry, FUNCTIONS, Form, InnerCheck, Inputs, LAYERS, OuterRule, Outputs, Rule,
    StandIn, WeightsRule, Wraps, find,
};
pub use config::{ArgValue, Config, Tuple, str_eq};
pub use error::{Operand, Report, ShapeError};
pub use recurrent::refuse_activation;
pub use rules::leaves_a_rest;
pub use shape::{MAX_RANK, Shape, dims_fit};
pub use slice::{SLICE, SliceItem, slice};
pub use term::term;
pub use text::Text;
pub use value::{Kind, MAX_VALUES, Value, Values};
pub use weights::{MAX_WEIGHTS, Weights};
pub use window::{Padding, Window};

/// Refuses indices where numbers are computed with.
pub const fn require_float(layer: &str, input: &Value) -> Result<(), ShapeError> {
    match input.kind {
        Kind::Float => Ok(()),
        Kind::Index => Err(ShapeError::of(
            Text::new(layer)
                .str(" computes with numbers, but the input is an index (dtype = int32)"),
        )
        .help("leave `dtype = int32` out of the Input, or write cast(x, float32)")),
    }
}

/// Refuses inputs that do not fit those of a model.
pub const fn accept_inputs(
    model: &str,
    names: &[&str],
    expected: &[Value],
    got: &[Value],
) -> Result<(), ShapeError> {
    if got.len() != expected.len() {
        let s = if expected.len() == 1 { " input, but got " } else { " inputs, but got " };
        return Err(ShapeError::of(
            Text::new(model).str(" takes ").int(expected.len() as i64).str(s).int(got.len() as i64),
        )
        .help("call it on one value for each of its inputs, in their order"));
    }
    let mut i = 0;
    while i < got.len() {
        let (wanted, value) = (&expected[i], &got[i]);
        if !wanted.is_poison() && !value.is_poison() && !wanted.shape.fits(&value.shape) {
            return Err(ShapeError::of(
                Text::new(model)
                    .str(" takes ")
                    .shape(&wanted.shape)
                    .str(" as its input `")
                    .str(names[i])
                    .str("`, but got ")
                    .shape(&value.shape),
            )
            .help("give it a value of that shape"));
        }
        i += 1;
    }
    Ok(())
}

/// Refuses a layer or function that would lose a mask in silence: one that has no use for it and
/// does not pass it on either.
pub const fn keep_mask(
    layer: &str,
    inputs: &[Value],
    outcome: Result<Values, ShapeError>,
) -> Result<Values, ShapeError> {
    let Ok(values) = &outcome else { return outcome };
    if values.is_poison() || !rules::any_mask(inputs) || rules::any_mask(values.as_slice()) {
        return outcome;
    }
    Err(ShapeError::of(
        Text::new(layer).str(" would lose the mask of its input: what is padding would count"),
    )
    .help(
        "put a layer before it that uses the mask, such as LSTM or GlobalAveragePooling1D, or \
         take the mask off: drop_mask(x)",
    ))
}

/// The weights of a layer that has none.
pub const fn no_weights(_config: &Config<'_>, _inputs: &[Value]) -> Weights {
    Weights::NONE
}
