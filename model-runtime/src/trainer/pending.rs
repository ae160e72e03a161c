//! The variables that a step of training may change.

use std::collections::HashMap;

use super::TrainerCore;
use crate::error::At;
use crate::float::all_finite;
use crate::tensor::Tensor;
use crate::{Error, Layer, Variable, Visitor, tape};

/// New values for variables, to be stored when the step has succeeded.
pub(super) struct Updates(Vec<(Variable, Tensor)>);

impl Updates {
    /// None, as in evaluation.
    pub const NONE: Updates = Updates(Vec::new());

    /// What the running step has updated of its model and its losses, all of it finite. What other
    /// models have updated is left out.
    pub fn collect(
        core: &TrainerCore,
        model: &dyn Layer,
        at: Option<At>,
    ) -> Result<Updates, Error> {
        let updates = tape::updates();
        if updates.is_empty() {
            return Ok(Updates::NONE);
        }
        let own = own(core, model);
        let mut kept = Vec::with_capacity(updates.len());
        for (variable, value) in updates {
            let Some(path) = own.get(&variable.id()) else {
                if variable.is_in_model() {
                    continue;
                }
                return Err(Error::StrayVariable { variable: variable.name().to_owned() });
            };
            if !all_finite(value.data()) {
                return Err(Error::VariableNotFinite { at, variable: path.clone() });
            }
            kept.push((variable, value));
        }
        Ok(Updates(kept))
    }

    /// Stores the values.
    pub fn commit(self) {
        for (variable, value) in self.0 {
            variable.replace(value);
        }
    }
}

/// The paths of the model's variables and the names of its losses', by identity.
fn own(core: &TrainerCore, model: &dyn Layer) -> HashMap<u64, String> {
    let mut own = HashMap::new();
    model.visit(&mut Visitor::of_variables(&mut |path, variable| {
        own.entry(variable.id()).or_insert_with(|| path.to_owned());
    }));
    let losses = core.outputs.iter().filter_map(|output| output.loss.as_ref());
    for variable in losses.flat_map(|loss| loss.variables()) {
        own.entry(variable.id()).or_insert_with(|| variable.name().to_owned());
    }
    own
}
