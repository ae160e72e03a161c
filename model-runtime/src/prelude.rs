//! All that a program with models needs in scope: `use model_runtime::prelude::*;`.

pub use crate::layers::*;
pub use crate::{
    Activation, Error, Float, Functional, Graph, Initializer, Kind, Layer, Mode, Model, Parameter,
    Regularizer, Seed, Shape, ShapeError, Value, Values, Var, Vars, Visitor, tape,
};
pub use crate::{
    Adam, AdamW, BinaryCrossentropy, CategoricalCrossentropy, IntoLoss, IntoOptimizer, Loss,
    MeanAbsoluteError, MeanSquaredError, NoLoss, Optimizer, PerSample, RMSprop, SGD,
    SparseCategoricalCrossentropy, per_sample,
};
