//! All that a program with models needs in scope: `use model_runtime::prelude::*;`.

pub use crate::layers::*;
pub use crate::{
    Accuracy, Activation, BinaryAccuracy, CategoricalAccuracy, Constraint, Data, Error, Evaluate,
    Fit, Float, Functional, Graph, History, Initializer, IntoMetric, Kind, Layer, Logs, Metric,
    Mode, Model, NoTarget, Padding, Parameter, Regularizer, Seed, Shape, ShapeError, Slice,
    SparseCategoricalAccuracy, Summary, Trainer, Value, Values, Var, Vars, Visitor, model, tape,
};
pub use crate::{
    Adadelta, Adagrad, Adam, AdamW, Adamax, BinaryCrossentropy, CategoricalCrossentropy, IntoLoss,
    IntoOptimizer, LearningRate, Lion, Loss, MeanAbsoluteError, MeanSquaredError, MultiOptimizer,
    Nadam, NoLoss, Optimizer, PerSample, RMSprop, SGD, SparseCategoricalCrossentropy, per_sample,
};
pub use ndarray::s;
