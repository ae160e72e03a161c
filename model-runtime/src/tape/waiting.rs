//! Values that wait to be made: where the next operation takes all of such a value, the two may be
//! done at once, and what is between them never exists as a whole.

use model_spec::Shape;

use super::apply::poison;
use super::{Inputs, Node, Op, Tape, Var, with};
use crate::Float;
use crate::tensor::Tensor;

/// Records an operation that makes a value of this shape, but leaves it to the first use of the
/// value to do it.
#[track_caller]
pub(crate) fn apply_later(op: impl Op<Float> + 'static, inputs: &[Var], shape: Shape) -> Var {
    let made = with(|tape| {
        let inputs: Inputs<u32> = inputs.iter().map(|var| tape.index(*var)).collect();
        tape.with_tensors(&inputs, |_| ())?;
        let needs_gradient = inputs.iter().any(|&i| tape.nodes[i as usize].needs_gradient);
        let leaf = Node::leaf(Tensor::released(shape), needs_gradient, tape.location);
        tape.waiting += 1;
        Some(tape.push(Node { op: Some(Box::new(op)), inputs, waits: true, ..leaf }))
    });
    // Not in a closure, which would hide the caller's line.
    match made {
        Some(made) => made,
        None => poison(),
    }
}

/// Makes what waits of these values.
#[track_caller]
pub(super) fn finish(values: &[Var]) {
    with(|tape| values.iter().for_each(|value| tape.finish(&[tape.index(*value)])));
}

impl Var {
    /// Whether there are numbers.
    #[cfg(test)]
    pub(crate) fn is_made(self) -> bool {
        with(|tape| !tape.nodes[tape.index(self) as usize].value.is_released())
    }
}

impl Tape {
    /// What an operation makes of its one input, if that waits and the two can be done at once. If
    /// they cannot, the input is made.
    pub(super) fn together(&mut self, op: &mut dyn Op<Float>, inputs: &[u32]) -> Option<Tensor> {
        match *inputs {
            [input] if self.waiting > 0 => self.make(input, Some(op)),
            _ => None,
        }
    }

    /// Makes what waits of these values.
    pub(super) fn finish(&mut self, values: &[u32]) {
        if self.waiting > 0 {
            values.iter().for_each(|&value| {
                self.make(value, None);
            });
        }
    }

    /// Makes a value that waits, or what the next operation makes of it.
    fn make(&mut self, value: u32, next: Option<&mut dyn Op<Float>>) -> Option<Tensor> {
        let mut op = self.take_waiting(value)?;
        let node = &self.nodes[value as usize];
        let recorded = node.needs_gradient;
        if !recorded {
            op.without_backward();
        }
        let inputs = node.inputs.iter().map(|&i| self.nodes[i as usize].value());
        let inputs: Inputs<&Tensor> = inputs.collect();
        let result = next.and_then(|next| next.forward_with(&mut *op, &inputs, recorded));
        let made = if result.is_none() { Some(op.forward(&inputs)) } else { None };
        drop(inputs);
        let node = &mut self.nodes[value as usize];
        node.op = Some(op).filter(|_| recorded);
        if let Some(made) = made {
            node.value = made;
        }
        result
    }

    /// The operation of a value that waits, which it does not from then on.
    fn take_waiting(&mut self, value: u32) -> Option<Box<dyn Op<Float>>> {
        let node = &mut self.nodes[value as usize];
        if !std::mem::take(&mut node.waits) {
            return None;
        }
        self.waiting -= 1;
        node.op.take()
    }

    /// Whether something that waits will be made of a value.
    pub(super) fn is_waited_for(&self, index: u32) -> bool {
        self.waiting > 0 && self.nodes.iter().any(|node| node.waits && node.inputs.contains(&index))
    }
}
