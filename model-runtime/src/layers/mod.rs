//! The layers, one file each: what is documented in the catalogue of `model-spec`, computed.

mod dense;

pub use dense::Dense;

use model_spec::{Config, Kind, Rule, Value};

use crate::{Var, tape};

/// Checks what a layer is given by the rule of the catalogue.
///
/// Returns whether it may go on: not after an error, which is recorded, nor where an input comes from one.
#[track_caller]
pub(crate) fn accepts(rule: Rule, config: &Config<'_>, inputs: &[Var]) -> Result<(), Var> {
    if let Some(poison) = inputs.iter().find(|var| var.is_poison()) {
        return Err(*poison);
    }
    let values: Vec<Value> = inputs.iter().map(|var| value(*var)).collect();
    match rule(config, &values) {
        Ok(_) => Ok(()),
        Err(error) => Err(tape::fail_shape(error, inputs)),
    }
}

/// What the rules see of a value: the shape without the samples. On the tape, indices are numbers as all others.
#[track_caller]
fn value(var: Var) -> Value {
    Value { shape: var.shape().without_first(), kind: Kind::Float, mask: false }
}
