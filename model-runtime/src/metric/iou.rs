use model_spec::Shape;

use super::{Batch, Direction, Metric, argmax};
use crate::float::Scalar;
use crate::loss::{Target, without_last};
use crate::ops::cross_entropy::EPSILON;
use crate::{Error, Float};

/// The mean over the classes of the intersection over the union of where a class is and where it is
/// predicted, from how often each class is predicted for each, `sums`.
fn mean_iou(sums: &[f64], classes: usize, of: impl Iterator<Item = usize>) -> Vec<Float> {
    let (mut sum, mut count) = (0.0, 0.0);
    for class in of {
        let right = sums[class * classes + class];
        let is: f64 = sums[class * classes..(class + 1) * classes].iter().sum();
        let predicted: f64 = sums.iter().skip(class).step_by(classes).sum();
        let union = is + predicted - right;
        if union > 1e-9 {
            sum += right / (union + EPSILON);
            count += 1.0;
        }
    }
    vec![Float::of(sum / (count + EPSILON))]
}

/// The mean over the classes of intersection over union: of the positions that are of a class or
/// predicted to be, the share that is both
/// ([Everingham et al., 2010](https://doi.org/10.1007/s11263-009-0275-4));
/// [Keras's
/// `MeanIoU`](https://keras.io/api/metrics/segmentation_metrics/).
///
/// As in Keras, targets and predictions are labels of the same shape `(samples, …)`, unless it is
/// said that they are one number for each class, `(samples, …, classes)`. Classes that are nowhere
/// and labels that are no class do not count.
///
/// ```
/// use model_runtime::prelude::*;
/// let metric = MeanIoU::new(21).sparse_y_pred(false); // labels, and a softmax
/// # fn takes(_: impl IntoMetric) {}
/// # takes(metric);
/// ```
///
/// Of labels, one of which is left out:
///
/// ```
/// use model_runtime::prelude::*;
/// use ndarray::array;
/// let net = model! { x = Input(4); Identity()(x) };
/// let metric = MeanIoU::new(2).sparse_y_true(true).ignore_class(-1);
/// let trainer = net.compile("sgd", "mse")?.with_metrics([metric])?;
/// // Of class 0 one of two places is right, of class 1 one of two.
/// let logs = trainer.evaluate(&array![[0, 0, 1, 1]], &array![[0, 1, 1, -1]])?;
/// assert!((logs["mean_io_u"] - 0.5).abs() < 1e-5);
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MeanIoU {
    num_classes: usize,
    ignore_class: Option<i64>,
    sparse_y_true: bool,
    sparse_y_pred: bool,
}

const MEAN: &str = "mean_io_u";

impl MeanIoU {
    /// Of this many classes.
    pub fn new(num_classes: usize) -> MeanIoU {
        MeanIoU { num_classes, ignore_class: None, sparse_y_true: true, sparse_y_pred: true }
    }

    /// A label whose positions do not count; none by default.
    pub fn ignore_class(mut self, ignore_class: i64) -> MeanIoU {
        self.ignore_class = Some(ignore_class);
        self
    }

    /// Whether targets are labels; else their largest class is taken. Yes by default.
    pub fn sparse_y_true(mut self, sparse_y_true: bool) -> MeanIoU {
        self.sparse_y_true = sparse_y_true;
        self
    }

    /// Whether predictions are labels; else their largest class is taken. Yes by default.
    pub fn sparse_y_pred(mut self, sparse_y_pred: bool) -> MeanIoU {
        self.sparse_y_pred = sparse_y_pred;
        self
    }

    fn labels(&self, numbers: &[Float], sparse: bool) -> Vec<i64> {
        if sparse {
            return numbers.iter().map(|label| *label as i64).collect();
        }
        numbers.chunks_exact(self.num_classes.max(1)).map(|row| argmax(row) as i64).collect()
    }
}

impl Metric for MeanIoU {
    fn direction(&self) -> Option<Direction> {
        Some(Direction::Up)
    }

    fn name(&self) -> String {
        MEAN.to_owned()
    }

    /// How often each class is predicted for the first, for the second, and so on.
    fn statistics(&self, batch: &Batch<'_>) -> Result<Vec<f64>, Error> {
        let mut sums = vec![0.0; self.num_classes * self.num_classes];
        let class = |label: i64| usize::try_from(label).ok().filter(|c| *c < self.num_classes);
        batch.for_each(|y_true, y_pred, weight| {
            let targets = self.labels(y_true, self.sparse_y_true);
            let predictions = self.labels(y_pred, self.sparse_y_pred);
            for (t, p) in targets.into_iter().zip(predictions) {
                if let (Some(is), Some(predicted)) = (class(t), class(p))
                    && self.ignore_class != Some(t)
                {
                    sums[is * self.num_classes + predicted] += weight;
                }
            }
        });
        Ok(sums)
    }

    fn result(&self, sums: &[f64]) -> Vec<Float> {
        mean_iou(sums, self.num_classes, 0..self.num_classes)
    }

    fn check(&self, target: &Target<'_>) -> Result<(), Error> {
        let (shape, classes) = (target.output, self.num_classes);
        if classes == 0 || !self.sparse_y_pred && !Shape::new(&[classes]).fits(&last(&shape)) {
            let (name, value) = ("num_classes", classes.to_string());
            return Err(Error::Option { name, value, expected: "the size of the last axis" });
        }
        // What the predictions are labels of.
        let positions = if self.sparse_y_pred { shape } else { without_last(&shape) };
        match self.sparse_y_true {
            true => target.has_shape(positions, MEAN),
            false if self.sparse_y_pred => target.has_shape(positions.push(classes), MEAN),
            false => target.has_shape(shape, MEAN),
        }
    }
}

/// The last axis alone.
fn last(shape: &Shape) -> Shape {
    Shape::new(&[shape.last()])
}

/// Intersection over union where predictions from 0 to 1 are made 0 and 1 by a threshold; the mean
/// of both classes, or one of them;
/// [Keras's
/// `BinaryIoU`](https://keras.io/api/metrics/segmentation_metrics/).
///
/// Targets of 0 or 1 and predictions have the same shape `(samples, …)`; a last axis of size 1 may
/// be missing in one.
///
/// Of the ones only:
///
/// ```
/// use model_runtime::prelude::*;
/// use ndarray::array;
/// let net = model! { x = Input(3); Identity()(x) };
/// let metric = BinaryIoU::new().target_class_ids(&[1]).threshold(0.5);
/// let trainer = net.compile("sgd", "mse")?.with_metrics([metric])?;
/// let logs = trainer.evaluate(&array![[0.9, 0.8, 0.1]], &array![[1, 0, 0]])?;
/// assert!((logs["binary_io_u"] - 0.5).abs() < 1e-5);
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct BinaryIoU {
    target_class_ids: Vec<usize>,
    threshold: Float,
}

const BINARY: &str = "binary_io_u";

impl Default for BinaryIoU {
    fn default() -> BinaryIoU {
        BinaryIoU::new()
    }
}

impl BinaryIoU {
    /// Of both classes, with the threshold ½.
    pub fn new() -> BinaryIoU {
        BinaryIoU { target_class_ids: vec![0, 1], threshold: 0.5 }
    }

    /// The classes to take the mean of; `&[0, 1]` by default.
    pub fn target_class_ids(mut self, target_class_ids: &[usize]) -> BinaryIoU {
        self.target_class_ids = target_class_ids.to_vec();
        self
    }

    /// From which on a prediction is a 1; ½ by default.
    pub fn threshold(mut self, threshold: Float) -> BinaryIoU {
        self.threshold = threshold;
        self
    }
}

impl Metric for BinaryIoU {
    fn direction(&self) -> Option<Direction> {
        Some(Direction::Up)
    }

    fn name(&self) -> String {
        BINARY.to_owned()
    }

    /// How often 0 and 1 are predicted for 0, then for 1.
    fn statistics(&self, batch: &Batch<'_>) -> Result<Vec<f64>, Error> {
        let mut sums = vec![0.0; 4];
        batch.for_each(|y_true, y_pred, weight| {
            for (t, p) in y_true.iter().zip(y_pred) {
                sums[2 * usize::from(*t >= 1.0) + usize::from(*p >= self.threshold)] += weight;
            }
        });
        Ok(sums)
    }

    fn result(&self, sums: &[f64]) -> Vec<Float> {
        mean_iou(sums, 2, self.target_class_ids.iter().copied())
    }

    fn check(&self, target: &Target<'_>) -> Result<(), Error> {
        if self.target_class_ids.is_empty() || self.target_class_ids.iter().any(|class| *class > 1)
        {
            let (name, value) = ("target_class_ids", format!("{:?}", self.target_class_ids));
            return Err(Error::Option { name, value, expected: "made of 0 and 1" });
        }
        target.is_binary(BINARY)
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;
    use crate::metric::tests::{check, measure};

    #[track_caller]
    fn near(got: Float, expected: f64) {
        assert!((got.as_f64() - expected).abs() < 1e-6, "{got}, not {expected}");
    }

    #[test]
    fn the_mean_is_taken_over_the_classes_there_are() {
        let t = array![[0.0, 0.0, 1.0, 1.0], [0.0, 0.0, 0.0, 9.0]].into_dyn();
        let p = array![[0.0, 1.0, 0.0, 1.0], [0.0, 0.0, 0.0, 1.0]].into_dyn();
        // Of class 0: 4 of 6; of class 1: 1 of 3; the 9 is none, and there is no class 2.
        near(measure(&MeanIoU::new(3), &t, &p, &[1.0, 1.0]), (4.0 / 6.0 + 1.0 / 3.0) / 2.0);
        near(measure(&MeanIoU::new(3), &t, &p, &[1.0, 0.0]), 1.0 / 3.0);
        near(measure(&MeanIoU::new(3).ignore_class(1), &t, &p, &[1.0, 1.0]), (4.0 / 5.0) / 2.0);
    }

    #[test]
    fn what_is_no_label_is_the_largest_class() {
        let labels = array![[0.0, 1.0]].into_dyn();
        let one_hot = array![[[1.0, 0.0], [0.0, 1.0]]].into_dyn();
        let p = array![[[0.6, 0.4], [0.7, 0.3]]].into_dyn();
        let sparse = MeanIoU::new(2).sparse_y_pred(false);
        near(measure(&sparse, &labels, &p, &[1.0]), 0.25);
        near(measure(&sparse.sparse_y_true(false), &one_hot, &p, &[1.0]), 0.25);
        let none = MeanIoU::new(2).sparse_y_true(false);
        near(measure(&none, &one_hot, &labels, &[1.0]), 1.0);
        assert_eq!(check(&sparse, &[2], &[0.0, 1.0], &[2, 2]), Ok(()));
        assert_eq!(check(&sparse.sparse_y_true(false), &[2, 2], &[0.0; 4], &[2, 2]), Ok(()));
        assert_eq!(check(&none, &[2, 2], &[0.0; 4], &[2]), Ok(()));
        assert!(check(&sparse, &[2, 2], &[0.0; 4], &[2, 2]).is_err());
        let text = check(&MeanIoU::new(3).sparse_y_pred(false), &[2], &[0.0; 2], &[2, 2]);
        assert!(text.unwrap_err().starts_with("`num_classes` is 3"));
    }

    #[test]
    fn a_threshold_makes_two_classes() {
        let t = array![[0.0, 1.0], [0.0, 1.0]].into_dyn();
        let p = array![[0.1, 0.2], [0.4, 0.7]].into_dyn();
        // Of class 0: 1 of 3; of class 1: 1 of 3.
        near(measure(&BinaryIoU::new().threshold(0.3), &t, &p, &[1.0, 1.0]), 1.0 / 3.0);
        // Of class 0: 2 of 3; of class 1: 1 of 2.
        let one = BinaryIoU::new().target_class_ids(&[1]);
        near(measure(&BinaryIoU::new(), &t, &p, &[1.0, 1.0]), (2.0 / 3.0 + 0.5) / 2.0);
        near(measure(&one, &t, &p, &[1.0, 1.0]), 0.5);
        let text = check(&BinaryIoU::new().target_class_ids(&[2]), &[1], &[1.0], &[1]);
        assert!(text.unwrap_err().starts_with("`target_class_ids` is [2]"));
    }
}
