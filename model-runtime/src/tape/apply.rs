//! Operations, and what they are applied to: constants, weights, and what has failed.

use std::panic::Location;

use model_spec::{Shape, ShapeError};

use super::{Inputs, Mode, Node, Op, Tape, Var, mask, with};
use crate::tensor::Tensor;
use crate::{Error, Float, Parameter};

/// Records what an operation makes of its inputs, whose shapes have been checked.
#[track_caller]
pub(crate) fn apply(mut op: impl Op<Float> + 'static, inputs: &[Var]) -> Var {
    // What does not need the operation's type is compiled once for all of them.
    let (result, needs_gradient) = made(&mut op, inputs);
    if needs_gradient {
        keep(result, Box::new(op));
    }
    result
}

/// [`apply`] for an operation of whatever type.
#[track_caller]
pub(crate) fn apply_boxed(mut op: Box<dyn Op<Float>>, inputs: &[Var]) -> Var {
    let (result, needs_gradient) = made(&mut *op, inputs);
    if needs_gradient {
        keep(result, op);
    }
    result
}

/// What an operation makes, and whether the way back needs the operation.
#[track_caller]
fn made(op: &mut dyn Op<Float>, inputs: &[Var]) -> (Var, bool) {
    // The tape is borrowed once, also while the operation runs, which knows nothing of it.
    let made = with(|tape| {
        let inputs: Inputs<u32> = inputs.iter().map(|var| tape.index(*var)).collect();
        let node = |index: &u32| &tape.nodes[*index as usize];
        let needs_gradient = inputs.iter().any(|index| node(index).needs_gradient);
        let keeps_mask = !tape.recording && inputs.iter().any(|index| node(index).mask.is_some());
        if !needs_gradient {
            op.without_backward();
        }
        let value = match tape.together(op, &inputs) {
            Some(value) => value,
            None => tape.with_tensors(&inputs, |tensors| op.forward(tensors))?,
        };
        let (softmax, keeps_mask) = (op.is_softmax(), keeps_mask && op.keeps_mask());
        let leaf = Node::leaf(value, needs_gradient, tape.location);
        Some((tape.push(Node { inputs, softmax, ..leaf }), needs_gradient, keeps_mask))
    });
    match made {
        Some((result, needs_gradient, true)) => {
            (mask::join(result, &mask::of(inputs)), needs_gradient)
        }
        Some((result, needs_gradient, false)) => (result, needs_gradient),
        None => (poison(), false),
    }
}

/// Keeps the operation that has made a value for the way back.
#[track_caller]
fn keep(result: Var, op: Box<dyn Op<Float>>) {
    with(|tape| tape.nodes[result.index as usize].op = Some(op));
}

impl Tape {
    /// What `make` makes of the values of inputs, or `None` if one of them comes from an operation
    /// that failed.
    pub(super) fn with_tensors<R>(
        &mut self,
        inputs: &[u32],
        make: impl FnOnce(&[&Tensor]) -> R,
    ) -> Option<R> {
        self.finish(inputs);
        let nodes = inputs.iter().map(|index| &self.nodes[*index as usize]);
        if nodes.clone().any(|node| node.poison) {
            return None;
        }
        let tensors: Inputs<&Tensor> = nodes.map(Node::value).collect();
        Some(make(&tensors))
    }
}

/// A value that nothing is known to depend on.
#[track_caller]
pub(crate) fn constant(value: Tensor) -> Var {
    with(|tape| tape.leaf(value, false))
}

/// A value whose gradient is wanted, though it is no parameter.
#[cfg(test)]
#[track_caller]
pub(crate) fn variable(value: Tensor) -> Var {
    with(|tape| tape.leaf(value, true))
}

/// Wants gradients of no other weights in this step: all others are constants.
pub(crate) fn want(weights: impl Iterator<Item = u64>) {
    with(|tape| {
        tape.wants_some = true;
        tape.wanted.extend(weights.map(|id| (id, ())));
    });
}

/// The node of a weight, made on its first use in the step; the one that it has been assigned
/// last, if it has.
#[track_caller]
pub(crate) fn parameter(parameter: &Parameter) -> Var {
    // Asked once: each time takes a lock.
    let weight = parameter.inner();
    let id = weight.id;
    with(|tape| {
        let assigned = tape.assigned.iter().rfind(|assigned| assigned.is_of(id));
        let node = assigned.map(|assigned| assigned.node);
        if let Some(index) = node.or_else(|| tape.parameters.get(&id).copied()) {
            return tape.var(index);
        }
        let is_wanted = tape.mode == Mode::Training
            && (!tape.wants_some || tape.wanted.contains_key(&id))
            && weight.is_trainable();
        let var = tape.leaf(weight.tensor(), is_wanted);
        tape.parameters.insert(id, var.index);
        var
    })
}

/// Records an error, if it is the step's first, and returns a value that later operations pass on
/// in silence.
#[track_caller]
pub(crate) fn fail(error: Error) -> Var {
    with(|tape| {
        tape.error.get_or_insert(error);
    });
    poison()
}

/// [`fail`] for shapes, which are given as the tape has them, with the sample axis.
#[track_caller]
pub(crate) fn fail_shape(error: ShapeError, inputs: &[Var]) -> Var {
    let inputs = inputs.iter().map(|var| var.shape().without_first()).collect();
    fail(Error::Shape { error: Box::new(error), inputs, location: Location::caller() })
}

#[track_caller]
pub(super) fn poison() -> Var {
    with(|tape| {
        let value = Tensor::zeros(Shape::new(&[0]));
        tape.push(Node { poison: true, ..Node::leaf(value, false, tape.location) })
    })
}
