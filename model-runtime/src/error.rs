use std::fmt;
use std::panic::Location;

use model_spec::{Operand, Shape, ShapeError, Value};

/// What went wrong while a model ran or trained.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Error {
    /// The shapes of a layer or an operation do not fit; the same words as the macro's.
    Shape {
        /// What is wrong.
        error: ShapeError,
        /// The shapes that came, without the sample axis.
        inputs: Vec<Shape>,
        /// The line that called it.
        location: &'static Location<'static>,
    },
    /// A weight was replaced by an array of another shape.
    WeightShape {
        /// The weight's shape.
        expected: Shape,
        /// The array's.
        got: Vec<usize>,
    },
    /// A layer returned another number of values than were taken from it.
    Outputs {
        /// How many were taken.
        expected: usize,
        /// How many it returned.
        got: usize,
        /// The line that took them.
        location: &'static Location<'static>,
    },
    /// A layer was called that has no weights yet.
    NotInitialized {
        /// Keras's name of the layer.
        layer: &'static str,
        /// The line that called it.
        location: &'static Location<'static>,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Shape { error, inputs, location } => {
                let names: Vec<String> = (1..=inputs.len()).map(|i| format!("input {i}")).collect();
                let operands: Vec<Operand<'_>> = names
                    .iter()
                    .zip(inputs)
                    .map(|(name, shape)| Operand { name, value: Value::new(*shape), origin: "" })
                    .collect();
                write!(f, "{}\n  at {location}", error.message(&operands))
            }
            Error::WeightShape { expected, got } => {
                write!(f, "the weight has the shape {expected}, but the array has {got:?}")
            }
            Error::Outputs { expected, got, location } => write!(
                f,
                "a layer returned {got} values where {expected} are taken\n  at {location}"
            ),
            Error::NotInitialized { layer, location } => write!(
                f,
                "{layer} was called before it had weights\n  help: call its `init` first, as a \
                 model's `new` does\n  at {location}"
            ),
        }
    }
}

impl std::error::Error for Error {}
