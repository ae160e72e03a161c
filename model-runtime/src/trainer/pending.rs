//! The variables that a step of training may change, and the weights it gives other numbers.

use std::collections::HashMap;

use super::TrainerCore;
use crate::error::At;
use crate::kernels::sums::all_finite;
use crate::tensor::Tensor;
use crate::{Error, Layer, Parameter, Variable, Visitor, tape};

/// New values for variables, to be stored when the step has succeeded, and for weights, to be
/// stored before the optimizer changes them.
pub(super) struct Updates {
    variables: Vec<(Variable, Tensor)>,
    weights: Vec<(Parameter, Tensor)>,
}

impl Updates {
    /// None, as in evaluation.
    pub const NONE: Updates = Updates { variables: Vec::new(), weights: Vec::new() };

    /// What the running step has updated of its model and of the trainer's, all of it finite. What
    /// other models have updated is left out.
    pub fn collect(
        core: &TrainerCore,
        model: &dyn Layer,
        trainable: &[(String, Parameter)],
        at: Option<At>,
    ) -> Result<Updates, Error> {
        let mut weights = Vec::new();
        for (weight, value) in tape::assignments() {
            let Some((path, _)) = trainable.iter().find(|(_, own)| own.id() == weight.id()) else {
                continue;
            };
            if !all_finite(value.data()) {
                return Err(Error::VariableNotFinite { at, variable: path.clone() });
            }
            weights.push((weight, value));
        }
        let updates = tape::updates();
        if updates.is_empty() {
            return Ok(Updates { weights, ..Updates::NONE });
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
        Ok(Updates { variables: kept, weights })
    }

    pub fn is_empty(&self) -> bool {
        self.variables.is_empty() && self.weights.is_empty()
    }

    /// Gives weights their numbers, until what is returned is dropped without being kept.
    pub fn assign(&mut self) -> Assigned {
        let weights = std::mem::take(&mut self.weights).into_iter();
        let before = weights.map(|(weight, value)| {
            let before = weight.tensor();
            weight.replace(value);
            (weight, before)
        });
        Assigned(before.collect())
    }

    /// Stores the values of variables.
    pub fn commit(self) {
        for (variable, value) in self.variables {
            variable.replace(value);
        }
    }
}

/// What weights were before they were given other numbers, which they are again after a step that
/// fails or panics.
pub(super) struct Assigned(Vec<(Parameter, Tensor)>);

impl Assigned {
    /// Lets the weights be what they have become.
    pub fn keep(mut self) {
        self.0.clear();
    }
}

impl Drop for Assigned {
    fn drop(&mut self) {
        for (weight, before) in self.0.drain(..) {
            weight.replace(before);
        }
    }
}

/// The paths of the model's variables and the names of the trainer's, by identity.
fn own(core: &TrainerCore, model: &dyn Layer) -> HashMap<u64, String> {
    let mut own = HashMap::new();
    model.visit(&mut Visitor::of_variables(&mut |path, variable| {
        own.entry(variable.id()).or_insert_with(|| path.to_owned());
    }));
    for (name, variable) in &core.variables {
        own.entry(variable.id()).or_insert_with(|| name.clone());
    }
    own
}
