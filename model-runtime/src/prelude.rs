//! All that a program with models needs in scope: `use model_runtime::prelude::*;`.

pub use crate::callbacks::{
    BackupAndRestore, CSVLogger, Callback, EarlyStopping, LambdaCallback, LearningRateScheduler,
    ModelCheckpoint, ReduceLROnPlateau, TensorBoard, TerminateOnNaN,
};
pub use crate::images;
pub use crate::layers::*;
pub use crate::optimizer::schedule::{
    CosineDecay, CosineDecayRestarts, ExponentialDecay, InverseTimeDecay, PiecewiseConstantDecay,
    PolynomialDecay,
};
pub use crate::{
    AUC, Aggregation, Averaging, BinaryIoU, Curve, F1Score, FBetaScore, FalseNegatives,
    FalsePositives, Mean, MeanIoU, Precision, R2Score, Recall, RootMeanSquaredError,
    SparseTopKCategoricalAccuracy, Sum, SummationMethod, TopKCategoricalAccuracy, TrueNegatives,
    TruePositives,
};
pub use crate::{
    Accuracy, Activation, Batch, Batches, BinaryAccuracy, CategoricalAccuracy, Constraint, Copier,
    Data, Error, Evaluate, Fit, Float, Functional, Graph, History, Initializer, IntoMetric,
    IntoMetrics, Kind, Layer, Logs, LossContext, LossTerm, Metric, Mode, Model, NoTarget, OnBatch,
    Padding, Parameter, Predict, Regularizer, Seed, Shape, ShapeError, Share,
    SparseCategoricalAccuracy, StepContext, Summary, Trainer, Value, Values, Var, Variable, Vars,
    Visitor, model, tape,
};
pub use crate::{
    Adadelta, Adagrad, Adam, AdamW, Adamax, BinaryCrossentropy, CategoricalCrossentropy, IntoLoss,
    IntoOptimizer, LearningRate, Lion, Loss, MeanAbsoluteError, MeanSquaredError, MultiOptimizer,
    Nadam, NoLoss, Optimizer, PerSample, RMSprop, SGD, SparseCategoricalCrossentropy, per_sample,
};
pub use crate::{
    BinaryFocalCrossentropy, CTC, CategoricalFocalCrossentropy, CategoricalHinge, CosineSimilarity,
    Crossentropy, Dice, Hinge, Huber, KLDivergence, LogCosh, MeanAbsolutePercentageError,
    MeanSquaredLogarithmicError, Poisson, Reduction, SquaredHinge,
};
pub use ndarray::s;
