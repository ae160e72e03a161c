//! The input and the output of a model that has one of each, in code that is generic over models.

use model_runtime::prelude::*;
use model_runtime::{IntoPorts, Ports};

/// Data for the input.
pub fn input<'a, M: Functional>(x: impl Into<Data<'a>>) -> Ports<M::Inputs<Data<'a>>> {
    Ports(M::inputs_from_iter([x.into()].into_iter()).expect("the model has one input"))
}

/// What stands for the output: data or a loss.
pub fn given<M: Functional, T>(y: impl IntoPorts<T>) -> Ports<M::Outputs<T>> {
    Ports(output::<M, T>(y.into_ports()))
}

/// The value itself for the output.
pub fn output<M: Functional, T>(y: T) -> M::Outputs<T> {
    M::outputs_from_iter([y].into_iter()).expect("the model has one output")
}
