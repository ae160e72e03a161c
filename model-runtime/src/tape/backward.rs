use std::cell::RefCell;

use super::op::{Slot, Step};
use super::{Node, Var, with};
use crate::kernels::sums::add_to;
use crate::pool::{self, Buffer};
use crate::tensor::Tensor;
use crate::{Float, Parameter};

/// The gradients of a loss.
pub(crate) struct Gradients {
    nodes: Vec<Option<Buffer<Float>>>,
}

thread_local! {
    /// Empty tables of gradients, whose memory is used again.
    static SPARE: RefCell<Vec<Vec<Option<Buffer<Float>>>>> = const { RefCell::new(Vec::new()) };
}

impl Drop for Gradients {
    fn drop(&mut self) {
        let mut nodes = std::mem::take(&mut self.nodes);
        nodes.clear();
        SPARE.with_borrow_mut(|spare| spare.push(nodes));
    }
}

impl Gradients {
    /// The gradient by a weight; `None` if the loss does not depend on it or it is frozen.
    #[track_caller]
    pub fn take(&mut self, parameter: &Parameter) -> Option<Buffer<Float>> {
        let index = with(|tape| tape.parameters.get(&parameter.id()).copied())?;
        self.nodes[index as usize].take()
    }

    /// The gradient by a value of the step that no operation has made; `None` if the loss does not
    /// depend on it.
    pub(super) fn take_of(&mut self, var: Var) -> Option<Buffer<Float>> {
        self.nodes[var.index as usize].take()
    }

    /// The gradient by a value of the step.
    #[cfg(test)]
    pub fn of(&self, var: Var) -> Option<&[Float]> {
        self.nodes[var.index as usize].as_deref().map(Vec::as_slice)
    }
}

/// The gradients of a loss, which is one number, by the weights it depends on.
///
/// # Panics
/// If the loss is not one number.
#[track_caller]
pub(crate) fn backward(loss: Var) -> Gradients {
    walk(loss, |nodes, wanted| wanted.extend(nodes.iter().map(|node| node.needs_gradient)))
}

/// The gradients of a number by the leaves that are chosen, none of which comes before `first`.
/// Nothing is computed that does not lead to them.
///
/// # Panics
/// If the number is not one.
#[track_caller]
pub(super) fn sweep(number: Var, first: usize, leaf: impl Fn(usize) -> bool) -> Gradients {
    walk(number, |nodes, wanted| {
        wanted.resize(nodes.len(), false);
        for (index, node) in nodes.iter().enumerate().skip(first) {
            wanted[index] = leaf(index) || node.inputs.iter().any(|&i| wanted[i as usize]);
        }
    })
}

/// Walks back from a number, along the nodes that `choose` says.
#[track_caller]
fn walk(number: Var, choose: impl FnOnce(&[Node], &mut Vec<bool>)) -> Gradients {
    // Not borrowed on the way, since a gradient of the user's may run a step of its own.
    let (last, nodes) = with(|tape| {
        let last = tape.index(number) as usize;
        (last, std::mem::take(&mut tape.nodes))
    });
    assert_eq!(nodes[last].value.len(), 1, "a loss is one number");
    let mut wanted = pool::empty(nodes.len());
    choose(&nodes, &mut wanted);
    let mut gradients = SPARE.with_borrow_mut(Vec::pop).unwrap_or_default();
    gradients.resize_with(nodes.len(), || None);
    if wanted[last] {
        gradients[last] = Some(pool::full(1, 1.0));
    }
    for index in (0..=last).rev() {
        let node = &nodes[index];
        let Some(op) = &node.op else { continue };
        let Some(gradient) = gradients[index].take() else { continue };
        let inputs: Vec<&Tensor> = node.inputs.iter().map(|&i| &nodes[i as usize].value).collect();
        let slots = take_slots(node, &wanted, &mut gradients);
        let mut step = Step::new(&inputs, &node.value, &gradient, slots);
        op.backward(&mut step);
        put_slots(node, step.into_slots(), &mut gradients);
    }
    with(|tape| tape.nodes = nodes);
    Gradients { nodes: gradients }
}

/// Takes the gradients of a node's inputs out of the table, so that the op can write to them. An
/// input that stands twice gets a buffer for each place.
fn take_slots(
    node: &Node,
    wanted: &[bool],
    gradients: &mut [Option<Buffer<Float>>],
) -> Vec<Slot<Float>> {
    let slot = |&input: &u32| match gradients[input as usize].take() {
        _ if !wanted[input as usize] => Slot::Unwanted,
        Some(buffer) => Slot::Some(buffer),
        None => Slot::Empty,
    };
    node.inputs.iter().map(slot).collect()
}

fn put_slots(node: &Node, slots: Vec<Slot<Float>>, gradients: &mut [Option<Buffer<Float>>]) {
    for (&input, slot) in node.inputs.iter().zip(slots) {
        let Slot::Some(buffer) = slot else { continue };
        match &mut gradients[input as usize] {
            Some(sum) => add_to(&buffer, sum),
            empty => *empty = Some(buffer),
        }
    }
}
