//! Values that wait to be made: where the next operation takes all of such a value, the two may be
//! done at once, and what is between them never exists as a whole.

use model_spec::Shape;

use super::apply::{poison, with_tensors};
use super::{Inputs, Node, Op, Tape, Var, with};
use crate::Float;
use crate::tensor::Tensor;

/// Records an operation that makes a value of this shape, but leaves it to the first use of the
/// value to do it.
#[track_caller]
pub(crate) fn apply_later(op: impl Op<Float> + 'static, inputs: &[Var], shape: Shape) -> Var {
    if with_tensors(inputs, |_| ()).is_none() {
        return poison();
    }
    with(|tape| {
        let inputs: Inputs<u32> = inputs.iter().map(|var| tape.index(*var)).collect();
        let needs_gradient = inputs.iter().any(|&i| tape.nodes[i as usize].needs_gradient);
        let leaf = Node::leaf(Tensor::released(shape), needs_gradient, tape.location);
        tape.waiting += 1;
        tape.push(Node { op: Some(Box::new(op)), inputs, waits: true, ..leaf })
    })
}

/// What an operation makes of its one input, if that waits and the two can be done at once. If they
/// cannot, the input is made.
#[track_caller]
pub(super) fn together(op: &mut dyn Op<Float>, inputs: &[Var]) -> Option<Tensor> {
    match *inputs {
        [input] => make(input, Some(op)),
        _ => None,
    }
}

/// Makes what waits of these values.
#[track_caller]
pub(super) fn finish(values: &[Var]) {
    values.iter().for_each(|&value| {
        make(value, None);
    });
}

/// Makes a value that waits, or what the next operation makes of it.
#[track_caller]
fn make(value: Var, next: Option<&mut dyn Op<Float>>) -> Option<Tensor> {
    with(|tape| {
        let (index, mut op) = tape.take_waiting(value)?;
        let node = &tape.nodes[index];
        let recorded = node.needs_gradient;
        if !recorded {
            op.without_backward();
        }
        let inputs = node.inputs.iter().map(|&i| tape.nodes[i as usize].value());
        let inputs: Inputs<&Tensor> = inputs.collect();
        let result = next.and_then(|next| next.forward_with(&mut *op, &inputs, recorded));
        let made = if result.is_none() { Some(op.forward(&inputs)) } else { None };
        drop(inputs);
        let node = &mut tape.nodes[index];
        node.op = Some(op).filter(|_| recorded);
        if let Some(made) = made {
            node.value = made;
        }
        result
    })
}

impl Var {
    /// Whether there are numbers.
    #[cfg(test)]
    pub(crate) fn is_made(self) -> bool {
        with(|tape| !tape.nodes[tape.index(self) as usize].value.is_released())
    }
}

impl Tape {
    /// The node and the operation of a value that waits, which it does not from then on.
    fn take_waiting(&mut self, value: Var) -> Option<(usize, Box<dyn Op<Float>>)> {
        if self.waiting == 0 {
            return None;
        }
        let index = self.index(value) as usize;
        let node = &mut self.nodes[index];
        if !std::mem::take(&mut node.waits) {
            return None;
        }
        let op = node.op.take()?;
        self.waiting -= 1;
        Some((index, op))
    }

    /// Whether something that waits will be made of a value.
    pub(super) fn is_waited_for(&self, index: u32) -> bool {
        self.waiting > 0 && self.nodes.iter().any(|node| node.waits && node.inputs.contains(&index))
    }
}
