//! Metrics: what is measured along the way, but not trained for.
//!
//! Every loss is a metric too: the mean of what it gives. So a metric of your own is a function or
//! closure of the targets and the predictions, both with the sample axis first:
//!
//! ```
//! use model_runtime::prelude::*;
//! use ndarray::array;
//!
//! model! {
//!     pub struct Line {
//!         x = Input(1);
//!         y = Dense(1)(x);
//!     }
//! }
//!
//! /// How often the error is below ½.
//! fn close(y_true: Var, y_pred: Var) -> PerSample {
//!     let error = (y_pred - y_true).abs();
//!     (1 - (error - 0.5).sign()).mean_per_sample() / 2
//! }
//!
//! let trainer = Line::new(0)
//!     .compile("sgd", "mse")?
//!     .with_metrics([close])?
//!     .with_metrics([per_sample(|t, p| (p - t).mean_per_sample()).with_name("bias")])?
//!     .with_metrics(["mae", "r2_score"])?;
//! let logs = trainer.evaluate(&array![[1.0], [2.0]], &array![[1.0], [2.0]])?;
//! let names: Vec<&str> = logs.iter().map(|(name, _)| name).collect();
//! assert_eq!(names, ["loss", "close", "bias", "mae", "r2_score"]);
//! # Ok::<(), Error>(())
//! ```
//!
//! What is no mean over samples implements [`Metric`].
//!
//! Those with arguments are types; all have a name as well, such as `"binary_accuracy"`:
//!
//! ```
//! use model_runtime::metric::CosineSimilarity;
//! use model_runtime::prelude::*;
//! use ndarray::array;
//! let net = model! { x = Input(2); Identity()(x) };
//! let trainer = net
//!     .compile("sgd", "mse")?
//!     .with_metrics([BinaryAccuracy::new().threshold(0.5)])?
//!     .with_metrics([CategoricalAccuracy])?
//!     .with_metrics([Accuracy::new("mse")])?
//!     .with_metrics([RootMeanSquaredError])?
//!     .with_metrics([R2Score::new().class_aggregation(Aggregation::UniformAverage)])?
//!     .with_metrics([FBetaScore::new().beta(0.5).average(Averaging::Micro).threshold(0.5)])?
//!     .with_metrics([BinaryIoU::new().threshold(0.5)])?
//!     .with_metrics([CosineSimilarity::new()])?
//!     .with_metrics([AUC::new().summation_method(SummationMethod::Interpolation)])?
//!     .with_metrics([AUC::new().curve(Curve::PR)])?;
//! let (y_true, y_pred) = (array![[1.0, 0.0], [0.0, 1.0]], array![[0.9, 0.2], [0.3, 0.6]]);
//! let logs = trainer.evaluate(&y_pred, &y_true)?;
//! let close = |name, value: Float| assert!((logs[name] - value).abs() < 1e-5, "{name} {logs}");
//! close("binary_accuracy", 1.0);
//! close("categorical_accuracy", 1.0);
//! close("accuracy", 1.0);
//! close("root_mean_squared_error", (0.3 as Float / 4.0).sqrt());
//! close("r2_score", 0.7);
//! close("fbeta_score", 1.0);
//! close("binary_io_u", 1.0);
//! close("auc", 1.0);
//! # Ok::<(), Error>(())
//! ```
//!
//! What counts right and wrong answers has thresholds, for which it gives one number each, or takes
//! the largest of the classes:
//!
//! ```
//! use model_runtime::prelude::*;
//! use ndarray::array;
//! let net = model! { x = Input(3); Identity()(x) };
//! let trainer = net
//!     .compile("sgd", "mse")?
//!     .with_metrics([Precision::new().thresholds(&[0.35, 0.55])])?
//!     .with_metrics([Recall::new().thresholds(&[0.35, 0.55])])?
//!     .with_metrics([TruePositives::new().thresholds(&[0.35])])?
//!     .with_metrics([FalsePositives::new().thresholds(&[0.35])])?
//!     .with_metrics([TrueNegatives::new().thresholds(&[0.35])])?
//!     .with_metrics([FalseNegatives::new().thresholds(&[0.35])])?
//!     .with_metrics([Precision::new().top_k(1).with_name("precision_of_largest")])?
//!     .with_metrics([Recall::new().top_k(1).class_id(1).with_name("recall_of_1")])?
//!     .with_metrics([Precision::new().class_id(0).with_name("precision_of_0")])?
//!     .with_metrics([Recall::new().class_id(0).with_name("recall_of_0")])?
//!     .with_metrics([TopKCategoricalAccuracy::new().k(2)])?;
//! let y_true = array![[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]];
//! let y_pred = array![[0.6, 0.3, 0.1], [0.54, 0.36, 0.1]];
//! let logs = trainer.evaluate(&y_pred, &y_true)?;
//! let close = |name, value: f32| assert!((logs[name] as f32 - value).abs() < 1e-6, "{name}");
//! close("precision[0]", 2.0 / 3.0);
//! close("precision[1]", 1.0);
//! close("recall[0]", 1.0);
//! close("recall[1]", 0.5);
//! close("true_positives", 2.0);
//! close("false_positives", 1.0);
//! close("true_negatives", 3.0);
//! close("false_negatives", 0.0);
//! close("precision_of_largest", 0.5);
//! close("recall_of_1", 0.0);
//! close("precision_of_0", 0.5);
//! close("recall_of_0", 1.0);
//! close("top_k_categorical_accuracy", 1.0);
//! # Ok::<(), Error>(())
//! ```
//!
//! Labels have their own:
//!
//! ```
//! use model_runtime::prelude::*;
//! use ndarray::array;
//! let net = model! { x = Input(2); Identity()(x) };
//! let trainer = net
//!     .compile("sgd", "sparse_categorical_crossentropy")?
//!     .with_metrics([SparseCategoricalAccuracy])?
//!     .with_metrics([SparseTopKCategoricalAccuracy::new().k(2)])?;
//! let logs = trainer.evaluate(&array![[0.9, 0.1], [0.8, 0.2]], &array![0, 1])?;
//! assert_eq!(logs["sparse_categorical_accuracy"], 0.5);
//! assert_eq!(logs["sparse_top_k_categorical_accuracy"], 1.0);
//! # Ok::<(), Error>(())
//! ```

mod accuracy;
mod auc;
mod confusion;
mod f_score;
mod iou;
mod list;
mod names;
mod of_loss;
mod r2;

use ndarray::ArrayViewD;

pub use accuracy::{
    Accuracy, BinaryAccuracy, CategoricalAccuracy, SparseCategoricalAccuracy,
    SparseTopKCategoricalAccuracy, TopKCategoricalAccuracy,
};
pub use auc::{AUC, Curve, SummationMethod};
pub use confusion::{
    FalseNegatives, FalsePositives, Precision, Recall, TrueNegatives, TruePositives,
};
pub use f_score::{Averaging, F1Score, FBetaScore};
pub use iou::{BinaryIoU, MeanIoU};
pub use list::IntoMetrics;
pub use names::Named;
pub use of_loss::{CosineSimilarity, Mean, RootMeanSquaredError, Sum};
pub use r2::{Aggregation, R2Score};

use crate::float::Scalar;
use crate::loss::Target;
pub use crate::trainer::Direction;
use crate::{Error, Float};

/// What is measured of targets and predictions, over any number of batches.
///
/// It has no state: [`Metric::statistics`] makes numbers of a batch that can be added up, such as a
/// sum and a count, and [`Metric::result`] makes the metric of the sums. So a batch that fails
/// leaves nothing behind.
///
/// ```
/// use model_runtime::loss::Target;
/// use model_runtime::metric::{Batch, Direction};
/// use model_runtime::prelude::*;
///
/// /// The standard deviation of the errors.
/// struct Spread;
///
/// impl Metric for Spread {
///     fn name(&self) -> String {
///         "spread".to_owned()
///     }
///
///     fn statistics(&self, batch: &Batch<'_>) -> Result<Vec<f64>, Error> {
///         let mut sums = vec![0.0; 3];
///         batch.for_each(|y_true, y_pred, weight| {
///             for (t, p) in y_true.iter().zip(y_pred) {
///                 let error = (p - t) as f64;
///                 sums[0] += weight;
///                 sums[1] += weight * error;
///                 sums[2] += weight * error * error;
///             }
///         });
///         Ok(sums)
///     }
///
///     fn result(&self, sums: &[f64]) -> Vec<Float> {
///         let mean = sums[1] / sums[0];
///         vec![(sums[2] / sums[0] - mean * mean).sqrt() as Float]
///     }
///
///     fn needs_target(&self) -> bool {
///         true
///     }
///
///     fn direction(&self) -> Option<Direction> {
///         Some(Direction::Down)
///     }
///
///     fn check(&self, target: &Target<'_>) -> Result<(), Error> {
///         target.has_output_shape("spread")
///     }
/// }
///
/// let net = model! { x = Input(1); Identity()(x) };
/// let trainer = net.compile("sgd", "mse")?.with_metrics([Spread])?;
/// let (x, y) = (ndarray::array![[1.0], [2.0]], ndarray::array![[4.0], [3.0]]);
/// assert!((trainer.evaluate(&x, &y)?["spread"] - 1.0).abs() < 1e-6);
/// # Ok::<(), Error>(())
/// ```
pub trait Metric: Send + Sync {
    /// The name in logs.
    fn name(&self) -> String;

    /// What to sum over the batches; always as many numbers.
    ///
    /// # Errors
    /// Targets and predictions that do not go together.
    fn statistics(&self, batch: &Batch<'_>) -> Result<Vec<f64>, Error>;

    /// The metric, from the sums of [`Metric::statistics`]: one number, or several, which logs
    /// number from 0: `f1_score[0]`. By default the mean that [`Batch::mean`] is of.
    fn result(&self, sums: &[f64]) -> Vec<Float> {
        vec![Batch::mean_of(sums)]
    }

    /// Whether it cannot do without a target. Yes by default; a function or closure can. Where
    /// there is none ([`NoTarget`](crate::NoTarget)), [`Batch::y_true`] is a single NaN.
    fn needs_target(&self) -> bool {
        true
    }

    /// In which direction it gets better, if it does in one; not known by default. Callbacks such
    /// as [`EarlyStopping`](crate::callbacks::EarlyStopping) ask.
    fn direction(&self) -> Option<Direction> {
        None
    }

    /// Checks targets before anything is measured; all are fine by default.
    ///
    /// # Errors
    /// The first target that cannot be measured against.
    fn check(&self, target: &Target<'_>) -> Result<(), Error> {
        let _ = target;
        Ok(())
    }
}

/// The samples that a metric measures.
#[derive(Clone, Debug)]
pub struct Batch<'a> {
    /// The targets, sample axis first.
    pub y_true: ArrayViewD<'a, Float>,
    /// The predictions, sample axis first, in row-major order.
    pub y_pred: ArrayViewD<'a, Float>,
    /// How much each sample counts.
    pub weights: &'a [Float],
    /// Which positions of the predictions count, 1 or 0 for each, if they carry a mask; its axes
    /// are the first of theirs.
    pub mask: Option<ArrayViewD<'a, Float>>,
}

/// What takes targets, predictions and a weight.
type Each<'a> = dyn FnMut(&[Float], &[Float], f64) + 'a;

impl Batch<'_> {
    /// Gives each sample's targets and predictions, both in row-major order, and its weight; where
    /// there is a mask, those of each position that counts.
    pub fn for_each(&self, mut each: impl FnMut(&[Float], &[Float], f64)) {
        self.each(&mut each);
    }

    fn each(&self, each: &mut Each<'_>) {
        let samples = self.weights.len().max(1);
        let mask: Vec<Float> = match &self.mask {
            Some(mask) => mask.iter().copied().collect(),
            None => vec![1.0; samples],
        };
        let (parts, positions) = (mask.len().max(1), mask.len() / samples);
        let y_true = self.y_true.as_standard_layout();
        let y_pred = self.y_pred.as_standard_layout();
        let (Some(y_true), Some(y_pred)) = (y_true.as_slice(), y_pred.as_slice()) else { return };
        let targets = y_true.chunks_exact((y_true.len() / parts).max(1));
        let predictions = y_pred.chunks_exact((y_pred.len() / parts).max(1));
        for (i, ((t, p), counts)) in targets.zip(predictions).zip(mask).enumerate() {
            if let (true, Some(weight)) = (counts != 0.0, self.weights.get(i / positions.max(1))) {
                each(t, p, weight.as_f64());
            }
        }
    }

    /// The statistics of a weighted mean of what `each` measures of the targets and predictions
    /// that [`Batch::for_each`] gives. [`Batch::mean_of`] is the mean.
    pub fn mean(&self, each: impl Fn(&[Float], &[Float]) -> f64) -> Vec<f64> {
        let (mut sum, mut count) = (0.0, 0.0);
        self.for_each(|y_true, y_pred, weight| {
            sum += weight * each(y_true, y_pred);
            count += weight;
        });
        vec![sum, count]
    }

    /// The mean, from the sums of the statistics that [`Batch::mean`] makes; 0 of nothing.
    ///
    /// ```
    /// use model_runtime::metric::Batch;
    /// use ndarray::array;
    /// let (y_true, y_pred) = (array![[1.0], [2.0]].into_dyn(), array![[1.5], [4.0]].into_dyn());
    /// let (y_true, y_pred) = (y_true.view(), y_pred.view());
    /// let batch = Batch { y_true, y_pred, weights: &[3.0, 1.0], mask: None };
    /// let errors = batch.mean(|y_true, y_pred| (y_pred[0] - y_true[0]) as f64);
    /// assert_eq!(Batch::mean_of(&errors), (3.0 * 0.5 + 2.0) / 4.0);
    /// ```
    pub fn mean_of(sums: &[f64]) -> Float {
        match sums {
            [sum, count] => Float::of(ratio(*sum, *count)),
            _ => 0.0,
        }
    }

    /// The size of the last axis of the predictions, the classes; 1 where each number of it is
    /// masked for itself.
    fn classes(&self) -> usize {
        let shape = self.y_pred.shape();
        if self.mask.as_ref().is_some_and(|mask| mask.ndim() == shape.len()) {
            return 1;
        }
        shape.get(1..).and_then(<[usize]>::last).copied().unwrap_or(1).max(1)
    }
}

/// What can be given as a metric: a [`Metric`], which every [`Loss`](crate::Loss) is too, or
/// Keras's name of one.
///
/// `"accuracy"` is the share of right answers, of whichever kind fits: [`Accuracy`].
///
/// A list holds metrics of one type, but there can be several lists, and boxed ones:
///
/// ```
/// use model_runtime::prelude::*;
/// let boxed: Vec<Box<dyn Metric>> = vec![Box::new(AUC::new()), Box::new(Precision::new())];
/// ```
pub trait IntoMetric {
    /// The metric of an output whose loss has this name.
    ///
    /// # Errors
    /// [`Error::UnknownName`] for a name that no metric has.
    fn into_metric(self, loss: &str) -> Result<Box<dyn Metric>, Error>;

    /// The same under another name in logs.
    fn with_name(self, name: &str) -> Named<Self>
    where
        Self: Sized,
    {
        Named::new(self, name)
    }
}

impl<M: Metric + 'static> IntoMetric for M {
    fn into_metric(self, _loss: &str) -> Result<Box<dyn Metric>, Error> {
        Ok(Box::new(self))
    }
}

impl IntoMetric for Box<dyn Metric> {
    fn into_metric(self, _loss: &str) -> Result<Box<dyn Metric>, Error> {
        Ok(self)
    }
}

/// `a / b`, and 0 where `b` is 0.
fn ratio(a: f64, b: f64) -> f64 {
    if b == 0.0 { 0.0 } else { a / b }
}

/// The first of the largest.
fn argmax(row: &[Float]) -> usize {
    let mut best = 0;
    for (i, value) in row.iter().enumerate() {
        if *value > row[best] {
            best = i;
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use ndarray::ArrayD;

    use super::*;

    /// The numbers of a metric over one batch.
    pub fn measure_all(
        metric: &dyn Metric,
        y_true: &ArrayD<Float>,
        y_pred: &ArrayD<Float>,
        weights: &[Float],
    ) -> Vec<Float> {
        let (y_true, y_pred) = (y_true.view(), y_pred.view());
        let batch = Batch { y_true, y_pred, weights, mask: None };
        metric.result(&metric.statistics(&batch).unwrap())
    }

    /// The number of a metric over one batch, and over one batch for each sample, which must be the
    /// same.
    #[track_caller]
    pub fn measure(
        metric: &dyn Metric,
        y_true: &ArrayD<Float>,
        y_pred: &ArrayD<Float>,
        weights: &[Float],
    ) -> Float {
        let mut sums: Vec<f64> = Vec::new();
        for (i, weight) in weights.iter().enumerate() {
            let row =
                |x: &ArrayD<Float>| x.slice_axis(ndarray::Axis(0), (i..i + 1).into()).to_owned();
            let (t, p) = (row(y_true), row(y_pred));
            let (y_true, y_pred) = (t.view(), p.view());
            let batch = Batch { y_true, y_pred, weights: &[*weight], mask: None };
            let more = metric.statistics(&batch).unwrap();
            sums.resize(more.len(), 0.0);
            sums.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
        }
        let (parts, whole) = (metric.result(&sums), measure_all(metric, y_true, y_pred, weights));
        assert_eq!((parts.len(), whole.len()), (1, 1));
        assert!((parts[0] - whole[0]).abs() < 1e-5 || parts[0].is_nan(), "{parts:?} {whole:?}");
        whole[0]
    }

    #[test]
    fn what_is_masked_is_not_measured() {
        let t = ndarray::array![[1.0, 0.0, 1.0], [1.0, 1.0, 0.0]].into_dyn();
        let p = ndarray::array![[0.9, 0.8, 0.7], [0.9, 0.2, 0.1]].into_dyn();
        let mask = ndarray::array![[1.0, 0.0, 0.0], [1.0, 1.0, 1.0]].into_dyn();
        let batch = Batch {
            y_true: t.view(),
            y_pred: p.view(),
            weights: &[1.0, 2.0],
            mask: Some(mask.view()),
        };
        for (metric, expected) in [
            (&BinaryAccuracy::new() as &dyn Metric, (1.0 + 2.0 * 2.0) / 7.0),
            (&Precision::new(), 1.0),
            (&TruePositives::new(), 3.0),
            (&crate::MeanAbsoluteError, (0.1 + 2.0 * (0.1 + 0.8 + 0.1)) / 7.0),
            (&Sum::new(crate::MeanAbsoluteError), 0.1 + 2.0 * (0.1 + 0.8 + 0.1)),
        ] {
            close(&metric.result(&metric.statistics(&batch).unwrap()), &[expected]);
        }
    }

    /// Compares numbers.
    #[track_caller]
    pub fn close(got: &[Float], expected: &[f64]) {
        assert_eq!(got.len(), expected.len(), "{got:?}");
        for (a, b) in got.iter().zip(expected) {
            assert!((a.as_f64() - b).abs() < 1e-6 * b.abs().max(1.0), "{got:?}, not {expected:?}");
        }
    }

    /// What the check of a target says: its shape of one sample, its numbers, and the output's.
    pub fn check(
        metric: &dyn Metric,
        shape: &[usize],
        values: &[Float],
        output: &[usize],
    ) -> Result<(), String> {
        let (shape, output) = (model_spec::Shape::new(shape), model_spec::Shape::new(output));
        let target = Target { data: "the target of `y`", shape, values, output };
        metric.check(&target).map_err(|error| error.to_string())
    }
}
