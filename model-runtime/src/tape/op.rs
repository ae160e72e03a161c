use model_spec::Shape;

use super::Recorded;
use crate::float::Scalar;
use crate::kernels::sums::add_to;
use crate::ops::conv::ConvOp;
use crate::pool::{self, Buffer};
use crate::tensor::Tensor;

/// An operation on the tape: what it makes of its inputs, and the gradients of the inputs from that
/// of the output.
///
/// An op is one file in `ops`, with its formula, this impl, and a gradient check in `f64`.
pub(crate) trait Op<T: Scalar>: Send {
    /// Is told, before `forward`, that nobody wants gradients: nothing has to be kept for them.
    fn without_backward(&mut self) {}

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

    /// The output, where input 0, the only one, has not been made yet, and `maker` and this can be
    /// done at once; what `maker` makes of `inputs` then exists nowhere. `recorded` is whether
    /// gradients will be wanted.
    fn forward_with(
        &mut self,
        _maker: &mut dyn Op<T>,
        _inputs: &[&Tensor<T>],
        _recorded: bool,
    ) -> Option<Tensor<T>> {
        None
    }

    /// The operation, if it is a convolution.
    fn convolution(&mut self) -> Option<&mut ConvOp<T>> {
        None
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
        if let Some((buffer, add)) = self.wanted(input) {
            write(buffer, add);
        }
    }

    fn wanted(&mut self, input: usize) -> Option<(&mut [T], bool)> {
        // An input that was made together with the output has a shape but no numbers.
        let len = self.shape(input).size().unwrap_or(0);
        let slot = &mut self.slots[input];
        let add = matches!(slot, Slot::Some(_));
        if let Slot::Empty = slot {
            *slot = Slot::Some(pool::unset(len));
        }
        match slot {
            Slot::Some(buffer) => Some((buffer, add)),
            _ => None,
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

    /// Gives an input its gradient in a buffer of its own, or adds it to what is there, if it is
    /// wanted.
    pub fn give(&mut self, input: usize, gradient: Buffer<T>) {
        assert_eq!(gradient.len(), self.inputs[input].len());
        match &mut self.slots[input] {
            Slot::Unwanted => {}
            Slot::Some(sum) => add_to(&gradient, sum),
            slot @ Slot::Empty => *slot = Slot::Some(gradient),
        }
    }

    pub fn into_slots(self) -> Vec<Slot<T>> {
        self.slots
    }
}
