use model_spec::Shape;

use super::{Batch, Metric};
use crate::loss::Target;
use crate::{Error, Float};

/// The share of predictions on the right side of a threshold;
/// [Keras's `BinaryAccuracy`](https://keras.io/api/metrics/accuracy_metrics/).
///
/// Targets of 0 or 1 and predictions have the same shape; a last axis of size 1 may be missing in
/// one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BinaryAccuracy {
    threshold: Float,
}

impl Default for BinaryAccuracy {
    fn default() -> BinaryAccuracy {
        BinaryAccuracy::new()
    }
}

impl BinaryAccuracy {
    /// With the threshold ½.
    pub fn new() -> BinaryAccuracy {
        BinaryAccuracy { threshold: 0.5 }
    }

    /// Above which a prediction is a 1; ½ by default. Logits have the threshold 0.
    pub fn threshold(mut self, threshold: Float) -> BinaryAccuracy {
        self.threshold = threshold;
        self
    }
}

/// The share of predictions whose largest class is that of the target, which is one-hot;
/// [Keras's
/// `CategoricalAccuracy`](https://keras.io/api/metrics/accuracy_metrics/).
///
/// Both have the shape `(samples, …, classes)`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CategoricalAccuracy;

/// The share of predictions whose largest class is the target, a label;
/// [Keras's
/// `SparseCategoricalAccuracy`](https://keras.io/api/metrics/accuracy_metrics/).
///
/// Targets have the shape `(samples, …)`, predictions `(samples, …, classes)`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SparseCategoricalAccuracy;

/// The share of right answers, of the kind that fits, as Keras's `"accuracy"`.
///
/// - [`BinaryAccuracy`], if the last axis of the predictions has size 1, or the loss is
///   `binary_crossentropy`;
/// - else [`SparseCategoricalAccuracy`], if the targets are labels;
/// - else [`CategoricalAccuracy`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accuracy {
    binary: bool,
}

impl Accuracy {
    /// For an output whose loss has this name.
    pub fn new(loss: &str) -> Accuracy {
        Accuracy { binary: loss == "binary_crossentropy" }
    }

    /// The kind for shapes of one sample.
    fn kind(&self, target: &[usize], output: &[usize]) -> &dyn Metric {
        let labels = target.len() < output.len() || target.last() == Some(&1);
        match output.last() {
            None | Some(1) => &BinaryAccuracy { threshold: 0.5 },
            Some(_) if self.binary => &BinaryAccuracy { threshold: 0.5 },
            Some(_) if labels => &SparseCategoricalAccuracy,
            Some(_) => &CategoricalAccuracy,
        }
    }
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

fn share(right: impl Iterator<Item = bool>) -> f64 {
    let (mut sum, mut count) = (0usize, 0usize);
    for right in right {
        sum += usize::from(right);
        count += 1;
    }
    sum as f64 / count.max(1) as f64
}

fn classes(batch: &Batch<'_>) -> usize {
    batch.y_pred.shape().last().copied().unwrap_or(1).max(1)
}

impl Metric for BinaryAccuracy {
    fn name(&self) -> String {
        "binary_accuracy".to_owned()
    }

    fn statistics(&self, batch: &Batch<'_>) -> Vec<f64> {
        let right = |(t, p): (&Float, &Float)| (*p > self.threshold) == (*t > 0.5);
        batch.mean(|y_true, y_pred| share(y_true.iter().zip(y_pred).map(right)))
    }

    fn result(&self, sums: &[f64]) -> Float {
        Batch::mean_of(sums)
    }

    fn check(&self, target: &Target<'_>) -> Result<(), Error> {
        target.has_output_shape("binary_accuracy")
    }
}

impl Metric for CategoricalAccuracy {
    fn name(&self) -> String {
        "categorical_accuracy".to_owned()
    }

    fn statistics(&self, batch: &Batch<'_>) -> Vec<f64> {
        let n = classes(batch);
        batch.mean(|y_true, y_pred| {
            let rows = y_true.chunks_exact(n).zip(y_pred.chunks_exact(n));
            share(rows.map(|(t, p)| argmax(t) == argmax(p)))
        })
    }

    fn result(&self, sums: &[f64]) -> Float {
        Batch::mean_of(sums)
    }

    fn check(&self, target: &Target<'_>) -> Result<(), Error> {
        target.has_output_shape("categorical_accuracy")
    }
}

impl Metric for SparseCategoricalAccuracy {
    fn name(&self) -> String {
        "sparse_categorical_accuracy".to_owned()
    }

    fn statistics(&self, batch: &Batch<'_>) -> Vec<f64> {
        let n = classes(batch);
        batch.mean(|y_true, y_pred| {
            let rows = y_true.iter().zip(y_pred.chunks_exact(n));
            share(rows.map(|(t, p)| *t == argmax(p) as Float))
        })
    }

    fn result(&self, sums: &[f64]) -> Float {
        Batch::mean_of(sums)
    }

    fn check(&self, target: &Target<'_>) -> Result<(), Error> {
        target.has_labels("sparse_categorical_accuracy")
    }
}

impl Metric for Accuracy {
    fn name(&self) -> String {
        "accuracy".to_owned()
    }

    fn statistics(&self, batch: &Batch<'_>) -> Vec<f64> {
        let sample = |shape: &[usize]| shape.get(1..).unwrap_or(&[]).to_vec();
        self.kind(&sample(batch.y_true.shape()), &sample(batch.y_pred.shape())).statistics(batch)
    }

    fn result(&self, sums: &[f64]) -> Float {
        Batch::mean_of(sums)
    }

    fn check(&self, target: &Target<'_>) -> Result<(), Error> {
        let (shape, output): (&Shape, &Shape) = (&target.shape, &target.output);
        self.kind(shape.dims(), output.dims()).check(target)
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;
    use crate::metric::measure;

    #[test]
    fn shares_are_counted() {
        let p = array![[0.1, 0.7, 0.2], [0.5, 0.3, 0.2]].into_dyn();
        let one_hot = array![[0.0, 1.0, 0.0], [0.0, 1.0, 0.0]].into_dyn();
        let labels = array![1.0, 0.0].into_dyn();
        let weights = [1.0, 3.0];
        assert_eq!(measure(&CategoricalAccuracy, &one_hot, &p, &weights), 0.25);
        assert_eq!(measure(&SparseCategoricalAccuracy, &labels, &p, &weights), 1.0);
        let accuracy = Accuracy::new("loss");
        assert_eq!(measure(&accuracy, &one_hot, &p, &weights), 0.25);
        assert_eq!(measure(&accuracy, &labels, &p, &weights), 1.0);
        // Of the six numbers, that at (1, 1) is on the wrong side.
        let binary = Accuracy::new("binary_crossentropy");
        let expected = (1.0 + 3.0 * 2.0 / 3.0) / 4.0;
        assert!((measure(&binary, &one_hot, &p, &weights) - expected).abs() < 1e-6);
    }

    #[test]
    fn one_number_a_sample_is_binary() {
        let p = array![[0.6], [0.4], [0.5]].into_dyn();
        let t = array![1.0, 0.0, 1.0].into_dyn();
        let weights = [1.0; 3];
        assert!((measure(&Accuracy::new("loss"), &t, &p, &weights) - 2.0 / 3.0).abs() < 1e-6);
        let low = BinaryAccuracy::new().threshold(0.45);
        assert_eq!(measure(&low, &t, &p, &weights), 1.0);
    }
}
