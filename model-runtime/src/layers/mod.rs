//! The layers, one file each: what is documented in the catalogue of `model-spec`, computed.

mod dense;

pub use dense::Dense;

use model_spec::{Config, Rule, Shape};

use crate::var::{same_samples, values};
use crate::{Var, tape};

/// Checks what a layer is given by the rule of the catalogue.
///
/// Returns whether it may go on: not after an error, which is recorded, nor where an input comes from one.
#[track_caller]
pub(crate) fn accepts(rule: Rule, config: &Config<'_>, inputs: &[Var]) -> Result<(), Var> {
    if let Some(poison) = inputs.iter().find(|var| var.is_poison()) {
        return Err(*poison);
    }
    let shapes: Vec<Shape> = inputs.iter().map(|var| var.shape()).collect();
    match rule(config, &values(inputs)).and_then(|_| same_samples(&shapes)) {
        Ok(()) => Ok(()),
        Err(error) => Err(tape::fail_shape(error, inputs)),
    }
}
