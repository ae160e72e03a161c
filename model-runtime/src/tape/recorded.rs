//! The way back in values of the tape, so that gradients have gradients.

use std::panic::Location;

use model_spec::{ShapeError, Text};
use smallvec::smallvec;

use super::{Node, Op, Var, apply, fail, waiting, with};
use crate::ops::binary::Binary;
use crate::ops::map::Map;
use crate::{Error, Float};

/// One operation on the way back, where gradients are values.
pub(crate) struct Recorded {
    /// What the operation was given.
    pub inputs: Vec<Var>,
    /// What it made of it.
    pub output: Var,
    /// The gradient by the output, in its shape.
    pub gradient: Var,
    wanted: Vec<bool>,
    found: Vec<Option<Var>>,
    stopped: bool,
    /// The line of the operation.
    location: &'static Location<'static>,
}

impl Recorded {
    /// Gives an input its gradient, in the input's shape, if it is wanted. An input that is given
    /// none has the gradient 0.
    #[track_caller]
    pub fn add(&mut self, input: usize, gradient: impl FnOnce() -> Var) {
        if self.wanted[input] && !self.stopped {
            self.put(input, gradient());
        }
    }

    #[track_caller]
    fn put(&mut self, input: usize, gradient: Var) {
        self.stopped = gradient.is_poison();
        if !self.stopped {
            debug_assert_eq!(gradient.shape(), self.inputs[input].shape());
            self.found[input] = Some(gradient);
        }
    }

    /// Gives all inputs their gradients: those of `primitives`, which makes the output of other
    /// operations.
    #[track_caller]
    pub fn expand(&mut self, primitives: impl FnOnce(&[Var]) -> Var) {
        let first = with(|tape| tape.nodes.len());
        let leaves: Vec<Var> = self.inputs.iter().map(|&input| joined(input)).collect();
        let output = primitives(&leaves);
        debug_assert_eq!(output.shape(), self.output.shape());
        match follow(output, self.gradient, first, &leaves) {
            Some(found) => {
                for (input, gradient) in found.into_iter().enumerate() {
                    self.found[input] = gradient.filter(|_| self.wanted[input]);
                }
            }
            None => self.stopped = true,
        }
    }

    /// Says by name that there is no second derivative; an error of the step.
    pub fn refuse(&mut self, name: &str) {
        let text = Text::new(name).str(" has no second derivative, so grad_recorded cannot follow");
        let help = "leave it out of the closure, or take tape::grad, whose gradient is constant";
        let shape = |var: &Var| var.shape().without_first();
        fail(Error::Shape {
            error: Box::new(ShapeError::of(text).help(help)),
            inputs: self.inputs.iter().take(1).map(shape).collect(),
            location: self.location,
        });
        self.stopped = true;
    }
}

/// A value of its own that is equal to another one and passes its gradient on to it. What is made
/// of it is recorded whether or not the other one's gradient is wanted.
#[track_caller]
pub(super) fn joined(var: Var) -> Var {
    waiting::finish(&[var]);
    with(|tape| {
        let from = tape.index(var);
        let node = &tape.nodes[from as usize];
        let (value, mask) = (node.value.clone(), node.mask);
        let op: Option<Box<dyn Op<Float>>> = Some(Box::new(Map::Linear));
        tape.push(Node {
            op,
            inputs: smallvec![from],
            mask,
            ..Node::leaf(value, true, tape.location)
        })
    })
}

/// The gradients by the leaves, which are the first nodes from `first` on, given that by `output`;
/// no gradient where it does not depend on a leaf, and nothing after an error.
#[track_caller]
pub(super) fn follow(
    output: Var,
    gradient: Var,
    first: usize,
    leaves: &[Var],
) -> Option<Vec<Option<Var>>> {
    if output.is_poison() || gradient.is_poison() {
        return None;
    }
    let (inner, wanted) = with(|tape| {
        let last = tape.index(output) as usize;
        let mut wanted = vec![false; tape.nodes.len()];
        for index in first..=last {
            let node = &tape.nodes[index];
            wanted[index] =
                index < first + leaves.len() || node.inputs.iter().any(|&i| wanted[i as usize]);
        }
        (first + leaves.len()..(last + 1).max(first + leaves.len()), wanted)
    });
    let mut gradients: Vec<Option<Var>> = vec![None; wanted.len()];
    gradients[output.index as usize] = Some(gradient);
    for index in inner.rev() {
        if !wanted[index] {
            continue;
        }
        let Some(gradient) = gradients[index].take() else { continue };
        // Away from the tape while it runs, since it makes nodes itself.
        let op = with(|tape| tape.nodes[index].op.take());
        let Some(op) = op else { continue };
        let mut step = step(index, gradient, &wanted);
        op.backward_recorded(&mut step);
        with(|tape| tape.nodes[index].op = Some(op));
        if step.stopped {
            return None;
        }
        for (input, found) in step.inputs.into_iter().zip(step.found) {
            let Some(found) = found else { continue };
            let sum = &mut gradients[input.index as usize];
            *sum = Some(sum.map_or(found, |sum| apply(Binary::Add, &[sum, found])));
        }
    }
    Some(leaves.iter().map(|leaf| gradients[leaf.index as usize]).collect())
}

/// The operation that made a node.
#[track_caller]
fn step(index: usize, gradient: Var, wanted: &[bool]) -> Recorded {
    with(|tape| {
        let node = &tape.nodes[index];
        Recorded {
            inputs: node.inputs.iter().map(|&input| tape.var(input)).collect(),
            output: tape.var(index as u32),
            gradient,
            wanted: node.inputs.iter().map(|&input| wanted[input as usize]).collect(),
            found: vec![None; node.inputs.len()],
            stopped: false,
            location: node.location,
        }
    })
}

/// The gradients of a value by inputs of the running step, given that by the value, for checks.
#[cfg(all(test, feature = "f64"))]
pub(crate) fn recorded(inputs: &[Var], output: Var, gradient: Var) -> Option<Vec<Var>> {
    use crate::tensor::Tensor;

    let index = |var: Var| with(|tape| tape.index(var) as usize);
    let first = inputs.first().map_or(0, |&input| index(input));
    let found = super::recording(true, || follow(output, gradient, first, inputs))?;
    let zeros = |input: &Var| super::constant(Tensor::zeros(input.shape()));
    Some(found.into_iter().zip(inputs).map(|(g, x)| g.unwrap_or_else(|| zeros(x))).collect())
}
