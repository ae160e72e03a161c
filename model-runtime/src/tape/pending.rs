//! The variables and assigned weights of a step: their values so far, which become theirs for good
//! only with the step.

use super::{fail, with};
use crate::tensor::Tensor;
use crate::{Error, Parameter, Var, Variable};

/// A weight that has been given other numbers in the step.
pub(super) struct Assigned {
    weight: Parameter,
    /// The node of its value so far.
    pub node: u32,
}

impl Assigned {
    pub fn is_of(&self, weight: u64) -> bool {
        self.weight.id() == weight
    }
}

/// Gives a weight another value of the same shape: for the rest of the step at once, and for good
/// if this is a step of training that succeeds. Gradients go through the value to what it was
/// computed from, such as the weight's own numbers from before.
#[track_caller]
pub(crate) fn assign(weight: &Parameter, value: Var) {
    if value.is_poison() {
        return;
    }
    with(|tape| {
        let node = tape.index(value);
        tape.assigned.retain(|assigned| !assigned.is_of(weight.id()));
        tape.assigned.push(Assigned { weight: weight.share(), node });
    });
}

/// The weights that the step has given other numbers.
#[track_caller]
pub(crate) fn assignments() -> Vec<(Parameter, Tensor)> {
    with(|tape| {
        let value = |assigned: &Assigned| tape.nodes[assigned.node as usize].value.clone();
        tape.assigned.iter().map(|assigned| (assigned.weight.share(), value(assigned))).collect()
    })
}

/// A variable that the step has read or updated.
pub(super) struct Pending {
    variable: Variable,
    /// The node of its value so far.
    node: u32,
    updated: bool,
}

impl Pending {
    /// The same again.
    pub fn share(&self) -> Pending {
        Pending { variable: self.variable.share(), ..*self }
    }
}

/// The value of a variable, with what the step has updated so far.
#[track_caller]
pub(crate) fn read(variable: &Variable) -> Var {
    let known = with(|tape| {
        let known = tape.pending.iter().find(|pending| pending.variable.id() == variable.id());
        known.map(|pending| tape.var(pending.node))
    });
    known.unwrap_or_else(|| {
        // From here on the step sees this value, whatever other threads store.
        let value = variable.tensor();
        with(|tape| {
            let var = tape.leaf(value, false);
            let variable = variable.share();
            tape.pending.push(Pending { variable, node: var.index, updated: false });
            var
        })
    })
}

/// Gives a variable another value in the step.
#[track_caller]
pub(crate) fn update(variable: &Variable, value: Var) {
    if value.is_poison() || !variable.is_trainable() {
        return;
    }
    let (expected, got) = (variable.shape(), value.shape());
    if got != expected {
        let (variable, location) = (variable.name().to_owned(), std::panic::Location::caller());
        fail(Error::VariableShape { variable, expected, got, location });
        return;
    }
    let value = value.tensor();
    with(|tape| {
        let node = tape.leaf(value, false).index;
        let known = tape.pending.iter().position(|pending| pending.variable.id() == variable.id());
        let pending = Pending { variable: variable.share(), node, updated: true };
        match known {
            Some(known) => tape.pending[known] = pending,
            None => tape.pending.push(pending),
        }
    });
}

/// What the step has updated, in the order of first use.
#[track_caller]
pub(crate) fn updates() -> Vec<(Variable, Tensor)> {
    with(|tape| {
        let updated = tape.pending.iter().filter(|pending| pending.updated);
        let value = |pending: &Pending| tape.nodes[pending.node as usize].value.clone();
        updated.map(|pending| (pending.variable.share(), value(pending))).collect()
    })
}
