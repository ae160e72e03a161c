use super::support::{
    aligned, by_class, from_0_to_1, has_classes, mean_last, no_classes, positions,
};
use super::target::{align_labels, label};
use super::{Loss, PerSample, Target};
use crate::float::Scalar;
use crate::ops::binary::Binary;
use crate::ops::cross_entropy::{BinaryCrossEntropy, CrossEntropy};
use crate::pool;
use crate::tensor::Tensor;
use crate::{Error, Float, Var, tape};

const BINARY: &str = "binary_crossentropy";
const CATEGORICAL: &str = "categorical_crossentropy";
const SPARSE: &str = "sparse_categorical_crossentropy";

/// The prediction and whether it is in logits: those under a softmax are taken, which loses no
/// digits.
#[track_caller]
fn logits(y_pred: Var, from_logits: bool) -> (Var, bool) {
    match y_pred.softmax_logits() {
        Some(logits) if !from_logits => (logits, true),
        _ => (y_pred, from_logits),
    }
}

/// The mean of `-t · ln p - (1 - t) · ln(1 - p)` over a sample, for questions of yes or no;
/// [Keras's
/// `BinaryCrossentropy`](https://keras.io/api/losses/probabilistic_losses/).
///
/// Targets from 0 to 1 and predictions have the same shape `(samples, …)`; a last axis of size 1
/// may be missing in one. As in Keras, probabilities are kept 1e-7 away from 0 and 1; logits need
/// no such care.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct BinaryCrossentropy {
    from_logits: bool,
    label_smoothing: Float,
}

impl BinaryCrossentropy {
    /// For predictions that are probabilities.
    pub fn new() -> BinaryCrossentropy {
        BinaryCrossentropy::default()
    }

    /// Whether a sigmoid is applied to the predictions; no by default.
    pub fn from_logits(mut self, from_logits: bool) -> BinaryCrossentropy {
        self.from_logits = from_logits;
        self
    }

    /// How far targets are moved towards ½, from 0 to 1; 0 by default.
    pub fn label_smoothing(mut self, label_smoothing: Float) -> BinaryCrossentropy {
        self.label_smoothing = label_smoothing;
        self
    }
}

impl Loss for BinaryCrossentropy {
    #[track_caller]
    fn per_sample(&self, y_true: Var, y_pred: Var) -> PerSample {
        aligned(y_true, y_pred, BINARY, |y_true, y_pred| {
            let op = BinaryCrossEntropy::new(self.from_logits, self.label_smoothing.as_f64());
            mean_last(tape::apply(op, &[y_pred, y_true]))
        })
    }

    fn name(&self) -> String {
        BINARY.to_owned()
    }

    fn needs_target(&self) -> bool {
        true
    }

    fn check(&self, target: &Target<'_>) -> Result<(), Error> {
        from_0_to_1("label_smoothing", self.label_smoothing)?;
        target.is_binary(BINARY)
    }
}

/// `-Σ t · ln p` over the classes, the last axis, for targets that are one-hot or probabilities;
/// [Keras's
/// `CategoricalCrossentropy`](https://keras.io/api/losses/probabilistic_losses/).
///
/// Targets and predictions have the same shape `(samples, …, classes)`; there is a loss for each
/// position. A prediction that comes from a softmax is computed from the softmax's logits.
/// Other probabilities are divided by their sum and kept 1e-7 away from 0 and 1, as in Keras.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CategoricalCrossentropy {
    from_logits: bool,
    label_smoothing: Float,
}

impl CategoricalCrossentropy {
    /// For predictions that are probabilities.
    pub fn new() -> CategoricalCrossentropy {
        CategoricalCrossentropy::default()
    }

    /// Whether a softmax is applied to the predictions; no by default.
    pub fn from_logits(mut self, from_logits: bool) -> CategoricalCrossentropy {
        self.from_logits = from_logits;
        self
    }

    /// How much of the targets is spread evenly over the classes, from 0 to 1; 0 by default
    /// ([Szegedy et al., 2015](https://arxiv.org/abs/1512.00567)).
    pub fn label_smoothing(mut self, label_smoothing: Float) -> CategoricalCrossentropy {
        self.label_smoothing = label_smoothing;
        self
    }
}

impl Loss for CategoricalCrossentropy {
    #[track_caller]
    fn per_sample(&self, y_true: Var, y_pred: Var) -> PerSample {
        by_class(y_true, y_pred, CATEGORICAL, |y_true, y_pred| {
            let (y_pred, logits) = logits(y_pred, self.from_logits);
            let op = CrossEntropy::new(logits, self.label_smoothing.as_f64());
            tape::apply(op, &[y_pred, y_true])
        })
    }

    fn name(&self) -> String {
        CATEGORICAL.to_owned()
    }

    fn needs_target(&self) -> bool {
        true
    }

    fn check(&self, target: &Target<'_>) -> Result<(), Error> {
        from_0_to_1("label_smoothing", self.label_smoothing)?;
        target.has_probabilities(CATEGORICAL)
    }
}

/// `-ln p` of the true class, for targets that are labels, the whole numbers from 0;
/// [Keras's
/// `SparseCategoricalCrossentropy`](https://keras.io/api/losses/probabilistic_losses/).
///
/// Targets have the shape `(samples, …)`, and may have a last axis of size 1; predictions
/// `(samples, …, classes)`. Else as [`CategoricalCrossentropy`].
///
/// Of logits, where a label that stands for nothing is left out:
///
/// ```
/// use model_runtime::prelude::*;
/// use ndarray::array;
/// let net = model! { x = Input(2, 2); Identity()(x) };
/// let loss = SparseCategoricalCrossentropy::new().from_logits(true).ignore_class(-1);
/// let logits = array![[[0.0, 3_f64.ln()], [9.0, 0.0]]];
/// let logs = net.compile("sgd", loss)?.evaluate(&logits, &array![[1, -1]])?;
/// assert!((logs["loss"] + (0.75 as Float).ln()).abs() < 1e-5);
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SparseCategoricalCrossentropy {
    from_logits: bool,
    ignore_class: Option<i64>,
}

impl SparseCategoricalCrossentropy {
    /// For predictions that are probabilities.
    pub fn new() -> SparseCategoricalCrossentropy {
        SparseCategoricalCrossentropy::default()
    }

    /// Whether a softmax is applied to the predictions; no by default.
    pub fn from_logits(mut self, from_logits: bool) -> SparseCategoricalCrossentropy {
        self.from_logits = from_logits;
        self
    }

    /// A label, of a class or none, whose positions do not count: they have no loss, and the mean
    /// is taken over the others. None by default.
    pub fn ignore_class(mut self, ignore_class: i64) -> SparseCategoricalCrossentropy {
        self.ignore_class = Some(ignore_class);
        self
    }

    fn is_ignored(&self, label: Float) -> bool {
        self.ignore_class.is_some_and(|ignored| label == ignored as Float)
    }
}

impl Loss for SparseCategoricalCrossentropy {
    #[track_caller]
    fn per_sample(&self, y_true: Var, y_pred: Var) -> PerSample {
        let y_true = match align_labels(y_true, y_pred, SPARSE) {
            Ok(y_true) if has_classes(y_pred) => y_true,
            Ok(y_true) => return no_classes(y_true, SPARSE),
            Err(poison) => return PerSample::new(poison),
        };
        let classes = y_pred.shape().last();
        let targets = y_true.tensor();
        // The label of what is ignored does not matter: a mask takes its loss away.
        let of = |value: &Float| {
            if self.is_ignored(*value) { Some(0) } else { label(*value, classes) }
        };
        let mut labels = pool::empty(targets.len());
        labels.extend(targets.data().iter().map_while(of));
        if labels.len() < targets.len() {
            let shape = y_true.shape().without_first();
            let values = targets.data();
            let output = y_pred.shape().without_first();
            let target = Target { data: "the target", shape, values, output };
            return match self.check(&target) {
                Err(error) => PerSample::new(tape::fail(error)),
                Ok(()) => PerSample::new(y_true),
            };
        }
        let (y_pred, logits) = logits(y_pred, self.from_logits);
        let losses = tape::apply(CrossEntropy::sparse(logits, labels), &[y_pred]);
        if self.ignore_class.is_none() {
            return positions(losses);
        }
        let counts = |value: &Float| if self.is_ignored(*value) { 0.0 } else { 1.0 };
        let mask = targets.data().iter().map(counts).collect();
        let mask = tape::constant(Tensor::of(losses.shape(), mask));
        let counted = positions(tape::apply(Binary::Mul, &[losses, mask]));
        counted.with_mask(positions(mask).var())
    }

    fn name(&self) -> String {
        SPARSE.to_owned()
    }

    fn needs_target(&self) -> bool {
        true
    }

    fn check(&self, target: &Target<'_>) -> Result<(), Error> {
        target.has_labels_or(|label| self.is_ignored(label), SPARSE)
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{ArrayD, array};

    use super::*;
    use crate::Mode;
    use crate::loss::support::{self, tests::check};

    fn run(loss: &dyn Loss, t: &ArrayD<Float>, p: &ArrayD<Float>) -> Result<Vec<f64>, Error> {
        support::tests::run(loss, t, p).map(|losses| losses.iter().map(|x| x.as_f64()).collect())
    }

    #[track_caller]
    fn close(got: Result<Vec<f64>, Error>, expected: &[f64]) {
        let got = got.unwrap();
        assert_eq!(got.len(), expected.len());
        for (got, expected) in got.iter().zip(expected) {
            assert!((got - expected).abs() < 1e-5 * expected.abs().max(1.0), "{got} {expected}");
        }
    }

    fn log_softmax(z: &[f64]) -> Vec<f64> {
        let sum: f64 = z.iter().map(|z| z.exp()).sum();
        z.iter().map(|z| z - sum.ln()).collect()
    }

    #[test]
    fn binary_is_the_formula() {
        let t = array![[1.0, 0.0], [0.25, 1.0]].into_dyn();
        let p = array![[0.8, 0.1], [0.5, 0.0]].into_dyn();
        let of = |t: f64, p: f64| -(t * p.ln() + (1.0 - t) * (1.0 - p).ln());
        let expected = [(of(1.0, 0.8) + of(0.0, 0.1)) / 2.0, (of(0.25, 0.5) + of(1.0, 1e-7)) / 2.0];
        close(run(&BinaryCrossentropy::new(), &t, &p), &expected);
        let sigmoid = |z: f64| 1.0 / (1.0 + (-z).exp());
        let smooth = |t: f64| t * 0.8 + 0.1;
        let expected = [
            (of(smooth(1.0), sigmoid(0.8)) + of(smooth(0.0), sigmoid(0.1))) / 2.0,
            (of(smooth(0.25), sigmoid(0.5)) + of(smooth(1.0), sigmoid(0.0))) / 2.0,
        ];
        let loss = BinaryCrossentropy::new().from_logits(true).label_smoothing(0.2);
        close(run(&loss, &t, &p), &expected);
    }

    #[test]
    fn categorical_is_the_formula() {
        let t = array![[1.0, 0.0, 0.0], [0.5, 0.0, 0.5]].into_dyn();
        let z = array![[2.0, -1.0, 0.5], [0.1, 0.2, 0.3]].into_dyn();
        let (a, b) = (log_softmax(&[2.0, -1.0, 0.5]), log_softmax(&[0.1, 0.2, 0.3]));
        let loss = CategoricalCrossentropy::new().from_logits(true);
        close(run(&loss, &t, &z), &[-a[0], -(b[0] + b[2]) / 2.0]);
        let third = 0.3 / 3.0;
        let smooth = -(0.7 * a[0] + third * a.iter().sum::<f64>());
        let smoothed = loss.label_smoothing(0.3);
        close(run(&smoothed, &t, &z).map(|losses| losses[..1].to_vec()), &[smooth]);
        // Probabilities that do not sum to 1 are divided by their sum.
        let p = array![[2.0, 1.0, 1.0], [1.0, 0.0, 1.0]].into_dyn();
        let half = -0.5_f64.ln();
        close(run(&CategoricalCrossentropy::new(), &t, &p), &[half, half]);
    }

    #[test]
    fn sparse_is_categorical_of_one_hot() {
        let z = array![[[2.0, -1.0, 0.5], [0.1, 0.2, 0.3]]].into_dyn();
        let labels = array![[2.0, 1.0]].into_dyn();
        let (a, b) = (log_softmax(&[2.0, -1.0, 0.5]), log_softmax(&[0.1, 0.2, 0.3]));
        let loss = SparseCategoricalCrossentropy::new().from_logits(true);
        close(run(&loss, &labels, &z), &[-a[2], -b[1]]);
        let text = run(&loss, &array![[2.0, 3.0]].into_dyn(), &z).unwrap_err().to_string();
        assert!(
            text.starts_with("the target has the label 3 in sample 0, but there are 3 classes")
        );
        let text = run(&loss, &array![[2.5, 1.0]].into_dyn(), &z).unwrap_err().to_string();
        assert!(text.contains("the label 2.5"), "{text}");
    }

    #[test]
    fn an_ignored_class_has_no_loss_and_does_not_count() {
        let z = array![[[2.0, -1.0, 0.5], [0.1, 0.2, 0.3]], [[1.0, 1.0, 1.0], [0.0, 5.0, 0.0]]];
        let labels = array![[2.0, -1.0], [0.0, -1.0]].into_dyn();
        let loss = SparseCategoricalCrossentropy::new().from_logits(true).ignore_class(-1);
        let (a, b) = (-log_softmax(&[2.0, -1.0, 0.5])[2], 3.0_f64.ln());
        close(run(&loss, &labels, &z.clone().into_dyn()), &[a, 0.0, b, 0.0]);
        let mean = tape::run(Mode::Inference, || {
            let losses = loss.per_sample(Var::from_array(&labels), Var::from_array(&z));
            losses.mean().to_array().sum().as_f64()
        });
        close(mean.map(|mean| vec![mean]), &[(a + b) / 2.0]);
        support::tests::gradient(&loss, &labels, &z.into_dyn());
        assert_eq!(check(&loss, &[2], &[2.0, -1.0], &[2, 3]), Ok(()));
        assert!(check(&loss, &[2], &[2.0, -2.0], &[2, 3]).is_err());
    }

    #[test]
    fn a_softmax_is_undone_so_that_no_digits_are_lost() {
        let z = array![[60.0, -60.0]];
        let t = array![[0.0, 1.0]];
        let run = |loss: &dyn Loss, t: &ArrayD<Float>| {
            tape::run(Mode::Training, || {
                let p = Var::from_array(&z).softmax();
                loss.per_sample(Var::from_array(t), p).var().to_array()
            })
        };
        let expected = Ok(array![120.0].into_dyn());
        assert_eq!(run(&CategoricalCrossentropy::new(), &t.into_dyn()), expected);
        assert_eq!(run(&SparseCategoricalCrossentropy::new(), &array![1.0].into_dyn()), expected);
    }

    #[test]
    fn a_prediction_without_classes_is_an_error() {
        let one = array![1.0].into_dyn();
        let none = ArrayD::zeros(vec![2, 0]);
        let labels = array![0.0, 0.0].into_dyn();
        let sparse = SparseCategoricalCrossentropy::new();
        for text in [
            run(&CategoricalCrossentropy::new(), &one, &one),
            run(&CategoricalCrossentropy::new(), &none, &none),
            run(&sparse, &labels, &none),
        ] {
            let text = text.unwrap_err().to_string();
            assert!(text.contains("needs an axis of classes"), "{text}");
        }
    }

    #[test]
    fn targets_are_checked_with_the_row_that_is_wrong() {
        let sparse = SparseCategoricalCrossentropy::new();
        assert_eq!(check(&sparse, &[], &[0.0, 2.0], &[3]), Ok(()));
        assert_eq!(check(&sparse, &[1], &[0.0, 2.0], &[3]), Ok(()));
        let text = check(&sparse, &[], &[0.0, 3.0], &[3]).unwrap_err();
        assert!(text.starts_with("the target of `y` has the label 3 in sample 1"), "{text}");
        let text = check(&sparse, &[3], &[0.0, 1.0, 0.0], &[3]).unwrap_err();
        assert!(
            text.contains("shape (3), but `sparse_categorical_crossentropy` takes ()"),
            "{text}"
        );
        let text = check(&CategoricalCrossentropy::new().label_smoothing(1.5), &[2], &[], &[2]);
        assert!(text.unwrap_err().starts_with("`label_smoothing` is 1.5, but must be"));
        let text = check(&BinaryCrossentropy::new().label_smoothing(-0.1), &[2], &[], &[2]);
        assert!(text.unwrap_err().starts_with("`label_smoothing` is -0.1, but must be"));
        let categorical = CategoricalCrossentropy::new();
        assert_eq!(check(&categorical, &[2], &[0.0, 1.0, 0.5, 0.5], &[2]), Ok(()));
        let text = check(&categorical, &[2], &[0.0, 1.0, 1.0, 1.0], &[2]).unwrap_err();
        assert!(text.contains("sums to 2 over the classes in sample 1"), "{text}");
        let text = check(&categorical, &[2], &[-1.0, 2.0], &[2]).unwrap_err();
        assert!(text.contains("has -1 in sample 0"), "{text}");
        let text = check(&BinaryCrossentropy::new(), &[], &[0.0, 2.0], &[1]).unwrap_err();
        assert!(text.contains("has 2 in sample 1"), "{text}");
    }
}
