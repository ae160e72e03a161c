//! Keras's functional API as a Rust macro.

mod activation;
mod error;
mod float;
#[cfg(test)]
mod gradcheck;
mod initializer;
mod kernels;
mod layer;
pub mod layers;
pub mod loss;
pub mod model;
mod names;
mod ops;
pub mod optimizer;
mod parameter;
pub mod prelude;
mod regularizer;
mod seed;
pub mod tape;
mod tensor;
mod var;

pub use activation::Activation;
pub use error::{At, Error};
pub use float::Float;
pub use initializer::Initializer;
pub use layer::{Layer, Vars, Visitor};
pub use layers::*;
pub use loss::{
    BinaryCrossentropy, CategoricalCrossentropy, IntoLoss, Loss, MeanAbsoluteError,
    MeanSquaredError, NoLoss, PerSample, SparseCategoricalCrossentropy, per_sample,
};
pub use model::{Functional, Graph, Model};
pub use model_spec::{Kind, Shape, ShapeError, Value, Values};
pub use optimizer::{Adam, AdamW, IntoOptimizer, Optimizer, RMSprop, SGD};
pub use parameter::Parameter;
pub use regularizer::Regularizer;
pub use seed::Seed;
pub use tape::{Mode, Var};
