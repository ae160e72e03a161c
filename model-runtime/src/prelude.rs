//! All that a program with models needs in scope: `use model_runtime::prelude::*;`.

pub use crate::layers::*;
pub use crate::{
    Activation, Error, Float, Functional, Graph, Initializer, Kind, Layer, Mode, Model, Parameter,
    Regularizer, Seed, Shape, ShapeError, Slice, Value, Values, Var, Vars, Visitor, model, tape,
};
pub use ndarray::s;
