use model_spec::Shape;

use super::{Batch, Direction, Metric, argmax};
use crate::loss::{Kind, Target};
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

macro_rules! top_k {
    ($($(#[$doc:meta])* $metric:ident, $name:literal, $check:ident,
        |$y_true:ident, $classes:ident| $labels:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $metric {
            k: usize,
        }

        impl Default for $metric {
            fn default() -> $metric {
                $metric::new()
            }
        }

        impl $metric {
            /// Among the five largest.
            pub fn new() -> $metric {
                $metric { k: 5 }
            }

            /// Among how many of the largest; 5 by default.
            pub fn k(mut self, k: usize) -> $metric {
                self.k = k;
                self
            }
        }

        impl Metric for $metric {
            fn direction(&self) -> Option<Direction> {
                Some(Direction::Up)
            }

            fn name(&self) -> String {
                $name.to_owned()
            }

            fn statistics(&self, batch: &Batch<'_>) -> Result<Vec<f64>, Error> {
                let $classes = batch.classes();
                Ok(batch.mean(|$y_true, y_pred| {
                    let rows = $labels.zip(y_pred.chunks_exact($classes));
                    share(rows.map(|(label, p)| is_in_top(p, label, self.k)))
                }))
            }

            fn check(&self, target: &Target<'_>) -> Result<(), Error> {
                if self.k == 0 {
                    let (name, value) = ("k", "0".to_owned());
                    return Err(Error::Option { name, value, expected: "1 or more" });
                }
                target.$check($name)
            }
        }
    )*};
}

top_k! {
    /// The share of predictions for which fewer than `k` classes are larger than that of the
    /// target, which is one-hot;
    /// [Keras's
    /// `TopKCategoricalAccuracy`](https://keras.io/api/metrics/accuracy_metrics/).
    ///
    /// Both have the shape `(samples, …, classes)`.
    TopKCategoricalAccuracy, "top_k_categorical_accuracy", has_output_shape,
    |y_true, classes| y_true.chunks_exact(classes).map(argmax);
    /// The share of predictions for which fewer than `k` classes are larger than the target, a
    /// label; [Keras's
    /// `SparseTopKCategoricalAccuracy`](https://keras.io/api/metrics/accuracy_metrics/).
    ///
    /// Targets have the shape `(samples, …)`, predictions `(samples, …, classes)`.
    SparseTopKCategoricalAccuracy, "sparse_top_k_categorical_accuracy", has_labels,
    |y_true, classes| y_true.iter().map(|label| *label as usize);
}

/// Whether fewer than `k` are larger than that of the label; a NaN is smaller than all.
fn is_in_top(row: &[Float], label: usize, k: usize) -> bool {
    let of_label = row.get(label).copied().filter(|p| !p.is_nan()).unwrap_or(Float::NEG_INFINITY);
    row.iter().filter(|p| **p > of_label).count() < k
}

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
        match Kind::of(target, output) {
            Kind::Binary => &BinaryAccuracy { threshold: 0.5 },
            _ if self.binary => &BinaryAccuracy { threshold: 0.5 },
            Kind::Sparse => &SparseCategoricalAccuracy,
            Kind::Categorical => &CategoricalAccuracy,
        }
    }
}

fn share(right: impl Iterator<Item = bool>) -> f64 {
    let (mut sum, mut count) = (0usize, 0usize);
    for right in right {
        sum += usize::from(right);
        count += 1;
    }
    sum as f64 / count.max(1) as f64
}

impl Metric for BinaryAccuracy {
    fn direction(&self) -> Option<Direction> {
        Some(Direction::Up)
    }

    fn name(&self) -> String {
        "binary_accuracy".to_owned()
    }

    fn statistics(&self, batch: &Batch<'_>) -> Result<Vec<f64>, Error> {
        let answer = |p: Float| if p > self.threshold { 1.0 } else { 0.0 };
        let right = |(t, p): (&Float, &Float)| *t == answer(*p);
        Ok(batch.mean(|y_true, y_pred| share(y_true.iter().zip(y_pred).map(right))))
    }

    fn check(&self, target: &Target<'_>) -> Result<(), Error> {
        target.has_output_shape("binary_accuracy")
    }
}

impl Metric for CategoricalAccuracy {
    fn direction(&self) -> Option<Direction> {
        Some(Direction::Up)
    }

    fn name(&self) -> String {
        "categorical_accuracy".to_owned()
    }

    fn statistics(&self, batch: &Batch<'_>) -> Result<Vec<f64>, Error> {
        let n = batch.classes();
        Ok(batch.mean(|y_true, y_pred| {
            let rows = y_true.chunks_exact(n).zip(y_pred.chunks_exact(n));
            share(rows.map(|(t, p)| argmax(t) == argmax(p)))
        }))
    }

    fn check(&self, target: &Target<'_>) -> Result<(), Error> {
        target.has_output_shape("categorical_accuracy")
    }
}

impl Metric for SparseCategoricalAccuracy {
    fn direction(&self) -> Option<Direction> {
        Some(Direction::Up)
    }

    fn name(&self) -> String {
        "sparse_categorical_accuracy".to_owned()
    }

    fn statistics(&self, batch: &Batch<'_>) -> Result<Vec<f64>, Error> {
        let n = batch.classes();
        Ok(batch.mean(|y_true, y_pred| {
            let rows = y_true.iter().zip(y_pred.chunks_exact(n));
            share(rows.map(|(t, p)| *t == argmax(p) as Float))
        }))
    }

    fn check(&self, target: &Target<'_>) -> Result<(), Error> {
        target.has_labels("sparse_categorical_accuracy")
    }
}

impl Metric for Accuracy {
    fn direction(&self) -> Option<Direction> {
        Some(Direction::Up)
    }

    fn name(&self) -> String {
        "accuracy".to_owned()
    }

    fn statistics(&self, batch: &Batch<'_>) -> Result<Vec<f64>, Error> {
        let sample = |shape: &[usize]| shape.get(1..).unwrap_or(&[]).to_vec();
        self.kind(&sample(batch.y_true.shape()), &sample(batch.y_pred.shape())).statistics(batch)
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
    use crate::metric::tests::{check, measure};

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

    #[test]
    fn the_largest_k_are_right() {
        let p = array![[0.1, 0.4, 0.2, 0.3], [0.25, 0.25, 0.25, 0.25]].into_dyn();
        let labels = array![2.0, 3.0].into_dyn();
        let one_hot = array![[0.0, 0.0, 1.0, 0.0], [0.0, 0.0, 0.0, 1.0]].into_dyn();
        for (k, expected) in [(1, 0.5), (2, 0.5), (3, 1.0), (5, 1.0)] {
            let sparse = SparseTopKCategoricalAccuracy::new().k(k);
            assert_eq!(measure(&sparse, &labels, &p, &[1.0; 2]), expected, "{k}");
            let categorical = TopKCategoricalAccuracy::new().k(k);
            assert_eq!(measure(&categorical, &one_hot, &p, &[1.0; 2]), expected, "{k}");
        }
        let text = check(&TopKCategoricalAccuracy::new().k(0), &[2], &[], &[2]).unwrap_err();
        assert_eq!(text, "`k` is 0, but must be 1 or more");
    }
}
