//! Keras's functional API as a Rust macro.

// Expansions of `model!` name this crate, also inside of it.
extern crate self as model_runtime;

mod activation;
mod constraint;
mod data;
mod error;
mod float;
pub mod functions;
#[cfg(test)]
mod gradcheck;
mod history;
mod initializer;
mod kernels;
mod layer;
pub mod layers;
pub mod loss;
pub mod metric;
pub mod model;
mod names;
mod ops;
pub mod optimizer;
mod parameter;
pub mod prelude;
#[doc(hidden)]
pub mod private;
mod progress;
mod regularizer;
mod seed;
mod summary;
pub mod tape;
mod tensor;
mod trainer;
mod var;

pub use activation::Activation;
pub use constraint::Constraint;
pub use data::{Data, NoTarget, Number};
pub use error::{At, Error};
pub use float::Float;
pub use history::{History, Logs};
pub use initializer::Initializer;
pub use layer::{Layer, Vars, Visitor};
pub use layers::*;
pub use loss::{
    BinaryCrossentropy, CategoricalCrossentropy, IntoLoss, Loss, MeanAbsoluteError,
    MeanSquaredError, NoLoss, PerSample, SparseCategoricalCrossentropy, per_sample,
};
pub use metric::{
    Accuracy, BinaryAccuracy, CategoricalAccuracy, IntoMetric, Metric, SparseCategoricalAccuracy,
};
pub use model::{Functional, Graph, Model};
#[doc = include_str!("../docs/model.md")]
pub use model_macros::model;
pub use model_spec as spec;
pub use model_spec::{Kind, Padding, Shape, ShapeError, Value, Values};
pub use ndarray::SliceInfoElem as Slice;
pub use optimizer::{
    Adadelta, Adagrad, Adam, AdamW, Adamax, IntoOptimizer, LearningRate, Lion, MultiOptimizer,
    Nadam, Optimizer, RMSprop, SGD,
};
pub use parameter::Parameter;
pub use regularizer::Regularizer;
pub use seed::Seed;
pub use summary::Summary;
pub use tape::{Mode, Var};
pub use trainer::{Evaluate, Fit, SlotState, Trainer, TrainerState};

/// The README's programs, compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
