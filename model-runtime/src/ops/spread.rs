//! Values stretched and summed up again on the tape, for gradients that are recorded.

use model_spec::{MAX_RANK, Shape};

use super::reduce::{Reduce, Reduction};
use super::strided::stretched;
use super::view::{Reshape, View};
use crate::float::Scalar;
use crate::tensor::Tensor;
use crate::{Float, Var, tape};

/// The value under another shape of the same size.
#[track_caller]
pub(crate) fn reshaped(x: Var, shape: Shape) -> Var {
    if x.shape() == shape { x } else { tape::apply(Reshape(shape), &[x]) }
}

/// The value repeated along its axes of size 1, up to a shape with as many axes.
#[track_caller]
pub(crate) fn stretch(x: Var, shape: Shape) -> Var {
    let from = x.shape();
    let view = View { shape, start: 0, strides: stretched(&from, &shape) };
    if from == shape { x } else { tape::apply(view, &[x]) }
}

/// The way back of stretching: the sum over what one number was repeated for.
#[track_caller]
pub(crate) fn unstretch(x: Var, to: Shape) -> Var {
    let from = x.shape();
    if from == to {
        return x;
    }
    let repeated = |axis| axis >= to.rank() || to.dim(axis) == 1 && from.dim(axis) != 1;
    let axes = std::array::from_fn(|axis| axis < from.rank() && repeated(axis));
    reshaped(sum(x, axes), to)
}

/// The sum over the axes that are `true`, which stay with size 1.
#[track_caller]
pub(crate) fn sum(x: Var, axes: [bool; MAX_RANK]) -> Var {
    tape::apply(Reduce { reduction: Reduction::Sum, axes, keepdims: true }, &[x])
}

/// The last axis alone.
pub(crate) fn last(shape: &Shape) -> [bool; MAX_RANK] {
    std::array::from_fn(|axis| axis + 1 == shape.rank())
}

/// One number as a constant.
#[track_caller]
pub(crate) fn number(value: f64) -> Var {
    tape::constant(Tensor::scalar(Float::of(value)))
}

/// Numbers as a constant of the tape.
#[track_caller]
pub(crate) fn numbers(shape: Shape, values: impl Iterator<Item = f64>) -> Var {
    tape::constant(Tensor::of(shape, values.map(Float::of).collect()))
}
