use model_spec::Shape;

use super::Recorded;
use crate::float::Scalar;
use crate::kernels::sums::add_to;
use crate::pool::{self, Buffer};
use crate::tensor::Tensor;

/// An operation on the tape: what it makes of its inputs, and the gradients of the inputs from that
/// of the output.
///
/// An op is one file in `ops`, with its formula, this impl, and a gradient check in `f64`.
pub(crate) trait Op<T: Scalar>: Send {
    /// The output. The shapes of the inputs have been checked. May keep what `backward` needs.
    fn forward(&mut self, inputs: &[&Tensor<T>]) -> Tensor<T>;

    /// Adds the inputs' gradients to `step`, which takes only those that are wanted.
    fn backward(&self, step: &mut Step<'_, T>);

    /// The same in values of the tape, so that the gradients have gradients. Refuses by name unless
    /// an op can.
    fn backward_recorded(&self, step: &mut Recorded) {
        let path = std::any::type_name::<Self>().split('<').next().unwrap_or_default();
        step.refuse(path.rsplit("::").next().unwrap_or(path));
    }

    /// Whether each position of the output comes from the same position of the inputs, so that
    /// their masks are its too.
    fn keeps_mask(&self) -> bool {
        false
    }

    /// Where the output is a softmax over the last axis: that of input 0, from which
    /// cross-entropies are computed.
    fn is_softmax(&self) -> bool {
        false
    }
}

/// One operation on the way back.
pub(crate) struct Step<'a, T: Scalar> {
    /// What `forward` was given.
    pub inputs: &'a [&'a Tensor<T>],
    /// What `forward` returned.
    pub output: &'a Tensor<T>,
    /// The gradient of the loss by the output, in the output's shape.
    pub gradient: &'a [T],
    slots: Vec<Slot<T>>,
}

/// The gradient of one input, as far as it has come.
pub(crate) enum Slot<T: Scalar> {
    Unwanted,
    Empty,
    Some(Buffer<T>),
}

impl<'a, T: Scalar> Step<'a, T> {
    pub fn new(
        inputs: &'a [&'a Tensor<T>],
        output: &'a Tensor<T>,
        gradient: &'a [T],
        slots: Vec<Slot<T>>,
    ) -> Step<'a, T> {
        assert_eq!(inputs.len(), slots.len());
        Step { inputs, output, gradient, slots }
    }

    /// The shape of an input, sample axis included.
    pub fn shape(&self, input: usize) -> &'a Shape {
        self.inputs[input].shape()
    }

    /// Lets `write` fill an input's gradient, if it is wanted. It gets the buffer, and whether to
    /// add to what is there (`true`) or to overwrite every element (`false`).
    pub fn write(&mut self, input: usize, write: impl FnOnce(&mut [T], bool)) {
        let len = self.inputs[input].len();
        match &mut self.slots[input] {
            Slot::Unwanted => {}
            Slot::Some(buffer) => write(buffer, true),
            slot @ Slot::Empty => {
                let mut buffer = pool::unset(len);
                write(&mut buffer, false);
                *slot = Slot::Some(buffer);
            }
        }
    }

    /// Adds `value(i)` to element `i` of an input's gradient, if it is wanted.
    pub fn add(&mut self, input: usize, mut value: impl FnMut(usize) -> T) {
        self.write(input, |buffer, add| {
            for (i, element) in buffer.iter_mut().enumerate() {
                *element = if add { *element + value(i) } else { value(i) };
            }
        });
    }

    /// Adds these numbers to an input's gradient, if it is wanted.
    pub fn give(&mut self, input: usize, numbers: Buffer<T>) {
        match &mut self.slots[input] {
            Slot::Unwanted => {}
            Slot::Some(sums) => add_to(&numbers, sums),
            slot @ Slot::Empty => *slot = Slot::Some(numbers),
        }
    }

    pub fn into_slots(self) -> Vec<Slot<T>> {
        self.slots
    }
}
