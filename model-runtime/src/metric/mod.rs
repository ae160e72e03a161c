//! Metrics: what is measured along the way, but not trained for.

mod accuracy;
mod error;

pub use accuracy::{Accuracy, BinaryAccuracy, CategoricalAccuracy, SparseCategoricalAccuracy};
use ndarray::ArrayViewD;

use crate::float::Scalar;
use crate::loss::Target;
use crate::{Error, Float, MeanAbsoluteError, MeanSquaredError, names};

/// What is measured of targets and predictions, over any number of batches.
///
/// It has no state: [`Metric::statistics`] makes numbers of a batch that can be added up, such as a
/// sum and a count, and [`Metric::result`] makes the metric of the sums. So a batch that fails
/// leaves nothing behind.
pub trait Metric: Send + Sync {
    /// The name in logs.
    fn name(&self) -> String;

    /// What to sum over the batches; always as many numbers.
    fn statistics(&self, batch: &Batch<'_>) -> Vec<f64>;

    /// The metric, from the sums of [`Metric::statistics`].
    fn result(&self, sums: &[f64]) -> Float;

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
}

impl Batch<'_> {
    /// The statistics of a weighted mean over the samples, of what `each` measures of a sample's
    /// targets and predictions, both in row-major order. [`Batch::mean_of`] is the mean.
    pub fn mean(&self, each: impl Fn(&[Float], &[Float]) -> f64) -> Vec<f64> {
        let samples = self.weights.len().max(1);
        let y_true = self.y_true.as_standard_layout();
        let y_pred = self.y_pred.as_standard_layout();
        let (Some(y_true), Some(y_pred)) = (y_true.as_slice(), y_pred.as_slice()) else {
            return vec![0.0; 2];
        };
        let targets = y_true.chunks_exact((y_true.len() / samples).max(1));
        let predictions = y_pred.chunks_exact((y_pred.len() / samples).max(1));
        let (mut sum, mut count) = (0.0, 0.0);
        for ((t, p), weight) in targets.zip(predictions).zip(self.weights) {
            sum += weight.as_f64() * each(t, p);
            count += weight.as_f64();
        }
        vec![sum, count]
    }

    /// The mean, from the sums of the statistics that [`Batch::mean`] makes; 0 of nothing.
    pub fn mean_of(sums: &[f64]) -> Float {
        match sums {
            [sum, count] if *count != 0.0 => Float::of(sum / count),
            _ => 0.0,
        }
    }
}

/// What can be given as a metric: a [`Metric`], or Keras's name of one.
///
/// `"accuracy"` is the share of right answers, of whichever kind fits: [`Accuracy`].
pub trait IntoMetric {
    /// The metric of an output whose loss has this name.
    ///
    /// # Errors
    /// [`Error::UnknownName`] for a name that no metric has.
    fn into_metric(self, loss: &str) -> Result<Box<dyn Metric>, Error>;
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

const NAMES: [&str; 9] = [
    "accuracy",
    "acc",
    "binary_accuracy",
    "categorical_accuracy",
    "sparse_categorical_accuracy",
    "mae",
    "mean_absolute_error",
    "mse",
    "mean_squared_error",
];

impl IntoMetric for &str {
    fn into_metric(self, loss: &str) -> Result<Box<dyn Metric>, Error> {
        let metric: Box<dyn Metric> = match self {
            "accuracy" | "acc" => Box::new(Accuracy::new(loss)),
            "binary_accuracy" => Box::new(BinaryAccuracy::new()),
            "categorical_accuracy" => Box::new(CategoricalAccuracy),
            "sparse_categorical_accuracy" => Box::new(SparseCategoricalAccuracy),
            "mae" | "mean_absolute_error" => Box::new(MeanAbsoluteError),
            "mse" | "mean_squared_error" => Box::new(MeanSquaredError),
            unknown => return Err(names::unknown("metric", unknown, NAMES)),
        };
        Ok(Box::new(Named { name: self.to_owned(), metric }))
    }
}

/// A metric under the name that it was asked for by, as in Keras.
struct Named {
    name: String,
    metric: Box<dyn Metric>,
}

impl Metric for Named {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn statistics(&self, batch: &Batch<'_>) -> Vec<f64> {
        self.metric.statistics(batch)
    }

    fn result(&self, sums: &[f64]) -> Float {
        self.metric.result(sums)
    }

    fn check(&self, target: &Target<'_>) -> Result<(), Error> {
        self.metric.check(target)
    }
}

#[cfg(test)]
pub(crate) fn measure(
    metric: &dyn Metric,
    y_true: &ndarray::ArrayD<Float>,
    y_pred: &ndarray::ArrayD<Float>,
    weights: &[Float],
) -> Float {
    let batch = Batch { y_true: y_true.view(), y_pred: y_pred.view(), weights };
    metric.result(&metric.statistics(&batch))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_a_metric_of_that_name() {
        for name in NAMES {
            assert_eq!(name.into_metric("loss").unwrap().name(), name);
        }
        let error = "acuracy".into_metric("loss").map(|_| ()).unwrap_err();
        assert!(error.to_string().contains("did you mean `accuracy`?"), "{error}");
    }
}
