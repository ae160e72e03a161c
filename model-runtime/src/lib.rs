//! Keras's functional API as a Rust macro. Begin with the [guide].
//!
//! # Features
//!
//! None is on by default, so that a first build takes no longer than it must.
//!
//! | feature | what it adds | what it builds | seconds |
//! |---|---|---|---|
//! | `csv` | [`files`]: `read_csv`, `Csv` | csv | 5 |
//! | `gzip` | [`files::read_idx`] for compressed files | flate2 | 4 |
//! | `image-folders` | [`files`]: `image_dataset_from_directory` | image: PNG, JPEG | 20 or more |
//! | `images` | `images::save_grid`, pictures as PNG files | png | 8 |
//! | `npz` | [`files`]: `load_npz`, `save_npz` | zip | 9 |
//! | `plot` | `History::plot`, the curves of a training as an SVG file | plotters | 2 |
//! | `full` | all of these | | |
//! | `f64` | [`Float`] is `f64`, as with Keras's `floatx`; the root binary chooses | | |
//!
//! ```toml
//! [dependencies]
//! model-runtime = { version = "0.1", features = ["plot", "npz"] }
//! ```
//!
//! The seconds are those of one processor for the crates that a feature builds in release, from
//! nothing, where a program without features takes about a hundred. Features share some crates.

// Expansions of `model!` name this crate, also inside of it.
extern crate self as model_runtime;

mod activation;
pub mod callbacks;
mod constraint;
mod data;
mod error;
pub mod files;
mod float;
pub mod functions;
#[cfg(test)]
mod gradcheck;
pub mod graph;
pub mod guide;
mod history;
pub mod images;
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
mod picture;
#[cfg(feature = "plot")]
mod plot;
mod pool;
mod ports;
pub mod prelude;
#[doc(hidden)]
pub mod private;
mod progress;
mod regularizer;
mod seed;
mod share;
mod summary;
pub mod tape;
mod tensor;
mod trainer;
pub mod utils;
mod var;
mod variable;
pub mod weights;

pub use activation::Activation;
pub use callbacks::Callback;
pub use constraint::Constraint;
pub use data::{Data, NoTarget, Number};
pub use error::{At, Error};
pub use float::Float;
pub use functions::{Cast, PadMode};
pub use graph::{Callee, Graph, Source};
pub use history::{History, Logs};
pub use initializer::{CustomInitializer, Distribution, Fan, Initializer};
pub use kernels::threads::{set_threads, threads};
pub use layer::{Layer, Vars, Visitor};
pub use layers::*;
pub use loss::{
    BinaryCrossentropy, BinaryFocalCrossentropy, CTC, CategoricalCrossentropy,
    CategoricalFocalCrossentropy, CategoricalHinge, CosineSimilarity, Crossentropy, Dice, Hinge,
    Huber, IntoLoss, KLDivergence, LogCosh, Loss, MeanAbsoluteError, MeanAbsolutePercentageError,
    MeanSquaredError, MeanSquaredLogarithmicError, NoLoss, PerSample, Poisson, Reduction,
    SparseCategoricalCrossentropy, SquaredHinge, per_sample,
};
pub use metric::{
    AUC, Accuracy, Aggregation, Averaging, BinaryAccuracy, BinaryIoU, CategoricalAccuracy, Curve,
    F1Score, FBetaScore, FalseNegatives, FalsePositives, IntoMetric, IntoMetrics, Mean, MeanIoU,
    Metric, Precision, R2Score, Recall, RootMeanSquaredError, SparseCategoricalAccuracy,
    SparseTopKCategoricalAccuracy, Sum, SummationMethod, TopKCategoricalAccuracy, TrueNegatives,
    TruePositives,
};
pub use model::{Functional, Model};
#[doc = include_str!("../docs/model.md")]
pub use model_macros::model;
pub use model_spec as spec;
pub use model_spec::{Kind, Padding, Shape, ShapeError, Value, Values};
pub use optimizer::{
    Adadelta, Adagrad, Adam, AdamW, Adamax, IntoOptimizer, LearningRate, Lion, MultiOptimizer,
    Nadam, Optimizer, RMSprop, SGD,
};
pub use parameter::Parameter;
pub use ports::{IntoPorts, PortLoss, Ports};
pub use regularizer::{CustomRegularizer, Regularizer, Vectors};
pub use seed::{Generator, Seed};
pub use share::{Copier, Share};
pub use summary::Summary;
pub use tape::{Mode, Var, add_loss, add_metric, within};
pub use trainer::{
    Batch, Batches, Evaluate, Fit, IntoBatch, LossContext, LossTerm, OnBatch, Predict, SlotState,
    StepContext, Stopper, Trainer, TrainerState,
};
pub use variable::Variable;

/// What to take on each axis, for [`Var::slice`]: ranges and positions, sample axis first. It is
/// ndarray's `s!` without steps, new axes and `unsafe`, which a program may forbid.
///
/// ```
/// use model_runtime::prelude::*;
/// let y = tape::run(Mode::Inference, || {
///     let x = Var::from_array(&ndarray::array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
///     x.slice(model_runtime::axes![.., -1]).to_array()
/// })?;
/// assert_eq!(y, ndarray::array![3.0, 6.0].into_dyn());
/// # Ok::<(), Error>(())
/// ```
#[macro_export]
macro_rules! axes {
    ($($item:expr),* $(,)?) => {
        [$($crate::private::Slice::from($item)),*]
    };
}

/// The README's programs, compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
