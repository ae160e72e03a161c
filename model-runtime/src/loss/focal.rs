//! Cross-entropies that look at what is still wrong.

use super::support::{aligned, by_class, from_0, from_0_to_1, mean_last, sum_last};
use super::{Loss, PerSample, Target};
use crate::float::Scalar;
use crate::ops::binary::Binary;
use crate::ops::cross_entropy::{BinaryCrossEntropy, EPSILON};
use crate::tensor::Tensor;
use crate::{Error, Float, Var, tape};

const BINARY: &str = "binary_focal_crossentropy";
const CATEGORICAL: &str = "categorical_focal_crossentropy";

/// The mean over the last axis of `(1 - q)^gamma` times the binary cross-entropy, where
/// `q = t · p + (1 - t) · (1 - p)` is how right the prediction is
/// ([Lin et al., 2017](https://arxiv.org/abs/1708.02002));
/// [Keras's
/// `BinaryFocalCrossentropy`](https://keras.io/api/losses/probabilistic_losses/).
///
/// Targets and predictions as for [`BinaryCrossentropy`](super::BinaryCrossentropy).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BinaryFocalCrossentropy {
    apply_class_balancing: bool,
    alpha: Float,
    gamma: Float,
    from_logits: bool,
    label_smoothing: Float,
}

impl Default for BinaryFocalCrossentropy {
    fn default() -> BinaryFocalCrossentropy {
        BinaryFocalCrossentropy::new()
    }
}

impl BinaryFocalCrossentropy {
    /// For predictions that are probabilities, with `gamma` 2.
    pub fn new() -> BinaryFocalCrossentropy {
        BinaryFocalCrossentropy {
            apply_class_balancing: false,
            alpha: 0.25,
            gamma: 2.0,
            from_logits: false,
            label_smoothing: 0.0,
        }
    }

    /// Whether each number counts `t · alpha + (1 - t) · (1 - alpha)`; no by default.
    pub fn apply_class_balancing(mut self, apply: bool) -> BinaryFocalCrossentropy {
        self.apply_class_balancing = apply;
        self
    }

    /// How much a 1 counts where classes are balanced, from 0 to 1; 0.25 by default.
    pub fn alpha(mut self, alpha: Float) -> BinaryFocalCrossentropy {
        self.alpha = alpha;
        self
    }

    /// How much less counts what is right already; 2 by default.
    pub fn gamma(mut self, gamma: Float) -> BinaryFocalCrossentropy {
        self.gamma = gamma;
        self
    }

    /// Whether a sigmoid is applied to the predictions; no by default.
    pub fn from_logits(mut self, from_logits: bool) -> BinaryFocalCrossentropy {
        self.from_logits = from_logits;
        self
    }

    /// How far targets are moved towards ½, from 0 to 1; 0 by default.
    pub fn label_smoothing(mut self, label_smoothing: Float) -> BinaryFocalCrossentropy {
        self.label_smoothing = label_smoothing;
        self
    }
}

impl Loss for BinaryFocalCrossentropy {
    #[track_caller]
    fn per_sample(&self, y_true: Var, y_pred: Var) -> PerSample {
        aligned(y_true, y_pred, BINARY, |t, p| {
            let smoothing = self.label_smoothing;
            let t = if smoothing == 0.0 { t } else { t * (1.0 - smoothing) + 0.5 * smoothing };
            let p = if self.from_logits { p.sigmoid() } else { p };
            let cross_entropy = tape::apply(BinaryCrossEntropy::new(false, 0.0), &[p, t]);
            let right = t * p + (1 - t) * (1 - p);
            let focal = (1 - right).powf(self.gamma) * cross_entropy;
            if !self.apply_class_balancing {
                return mean_last(focal);
            }
            mean_last((t * self.alpha + (1 - t) * (1.0 - self.alpha)) * focal)
        })
    }

    fn name(&self) -> String {
        BINARY.to_owned()
    }

    fn needs_target(&self) -> bool {
        true
    }

    fn check(&self, target: &Target<'_>) -> Result<(), Error> {
        from_0_to_1("alpha", self.alpha)?;
        from_0("gamma", self.gamma)?;
        from_0_to_1("label_smoothing", self.label_smoothing)?;
        target.is_binary(BINARY)
    }
}

/// `-Σ alpha · (1 - p)^gamma · t · ln p` over the classes, the last axis
/// ([Lin et al., 2017](https://arxiv.org/abs/1708.02002));
/// [Keras's
/// `CategoricalFocalCrossentropy`](https://keras.io/api/losses/probabilistic_losses/).
///
/// Targets and predictions have the same shape `(samples, …, classes)`. Probabilities are divided
/// by their sum and kept 1e-7 away from 0 and 1, as in Keras.
#[derive(Clone, Debug, PartialEq)]
pub struct CategoricalFocalCrossentropy {
    /// One for all classes, or one for each.
    alpha: Vec<Float>,
    gamma: Float,
    from_logits: bool,
    label_smoothing: Float,
}

impl Default for CategoricalFocalCrossentropy {
    fn default() -> CategoricalFocalCrossentropy {
        CategoricalFocalCrossentropy::new()
    }
}

impl CategoricalFocalCrossentropy {
    /// For predictions that are probabilities, with `alpha` 0.25 and `gamma` 2.
    pub fn new() -> CategoricalFocalCrossentropy {
        let (gamma, label_smoothing) = (2.0, 0.0);
        CategoricalFocalCrossentropy {
            alpha: vec![0.25],
            gamma,
            from_logits: false,
            label_smoothing,
        }
    }

    /// How much each class counts: one number for each, or one for all; 0.25 by default.
    pub fn alpha(mut self, alpha: &[Float]) -> CategoricalFocalCrossentropy {
        self.alpha = alpha.to_vec();
        self
    }

    /// How much less counts what is right already; 2 by default.
    pub fn gamma(mut self, gamma: Float) -> CategoricalFocalCrossentropy {
        self.gamma = gamma;
        self
    }

    /// Whether a softmax is applied to the predictions; no by default.
    pub fn from_logits(mut self, from_logits: bool) -> CategoricalFocalCrossentropy {
        self.from_logits = from_logits;
        self
    }

    /// How much of the targets is spread evenly over the classes, from 0 to 1; 0 by default.
    pub fn label_smoothing(mut self, label_smoothing: Float) -> CategoricalFocalCrossentropy {
        self.label_smoothing = label_smoothing;
        self
    }

    /// Refuses another number of alphas than one, or one for each class.
    fn check_alpha(&self, classes: usize) -> Result<(), Error> {
        if self.alpha.len() == 1 || self.alpha.len() == classes {
            return self.alpha.iter().try_for_each(|alpha| from_0("alpha", *alpha));
        }
        let (name, value) = ("alpha", format!("{:?}", self.alpha));
        Err(Error::Option { name, value, expected: "one number, or one for each class" })
    }
}

impl Loss for CategoricalFocalCrossentropy {
    #[track_caller]
    fn per_sample(&self, y_true: Var, y_pred: Var) -> PerSample {
        by_class(y_true, y_pred, CATEGORICAL, |t, p| {
            let shape = p.shape();
            let classes = shape.last();
            if let Err(error) = self.check_alpha(classes) {
                return tape::fail(error);
            }
            let smoothing = self.label_smoothing;
            let spread = smoothing / classes as Float;
            let t = if smoothing == 0.0 { t } else { t * (1.0 - smoothing) + spread };
            let p = if self.from_logits { p.softmax() } else { p };
            let sum = p.sum_axes(&[-1], true);
            let p = tape::apply(Binary::Div, &[p, sum]);
            let p = p.clip(Float::of(EPSILON), Float::of(1.0 - EPSILON));
            let focal = (1 - p).powf(self.gamma) * t * p.ln();
            let alpha = match self.alpha.as_slice() {
                [alpha] => return -sum_last(focal * *alpha),
                alphas => (0..p.tensor().len()).map(|i| alphas[i % classes]).collect(),
            };
            -sum_last(focal * tape::constant(Tensor::of(shape, alpha)))
        })
    }

    fn name(&self) -> String {
        CATEGORICAL.to_owned()
    }

    fn needs_target(&self) -> bool {
        true
    }

    fn check(&self, target: &Target<'_>) -> Result<(), Error> {
        self.check_alpha(target.output.last())?;
        from_0("gamma", self.gamma)?;
        from_0_to_1("label_smoothing", self.label_smoothing)?;
        target.has_probabilities(CATEGORICAL)
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;
    use crate::loss::support::tests::{check, close, gradient, run};
    use crate::loss::{BinaryCrossentropy, CategoricalCrossentropy};

    #[test]
    fn binary_is_the_formula() {
        let t = array![[1.0, 0.0], [0.0, 1.0]].into_dyn();
        let p = array![[0.8, 0.1], [0.5, 0.25]].into_dyn();
        // What is right by q costs (1 - q)² · -ln q.
        let of = |q: f64| (1.0 - q) * (1.0 - q) * -q.ln();
        let expected = [(of(0.8) + of(0.9)) / 2.0, (of(0.5) + of(0.25)) / 2.0];
        close(&BinaryFocalCrossentropy::new(), &t, &p, &expected);
        let balanced = BinaryFocalCrossentropy::new().apply_class_balancing(true);
        let expected =
            [(0.25 * of(0.8) + 0.75 * of(0.9)) / 2.0, (0.75 * of(0.5) + 0.25 * of(0.25)) / 2.0];
        close(&balanced, &t, &p, &expected);
        let logits = p.mapv(|p: Float| (p / (1.0 - p)).ln());
        close(&balanced.from_logits(true), &t, &logits, &expected);
        // Without a focus, it is the cross-entropy.
        let plain = BinaryFocalCrossentropy::new().gamma(0.0).label_smoothing(0.2);
        let expected = run(&BinaryCrossentropy::new().label_smoothing(0.2), &t, &p).unwrap();
        let expected: Vec<f64> = expected.iter().map(|x| x.as_f64()).collect();
        close(&plain, &t, &p, &expected);
        gradient(&balanced.label_smoothing(0.1).gamma(1.5), &t, &p);
        gradient(&balanced.from_logits(true), &t, &logits);
    }

    #[test]
    fn categorical_is_the_formula() {
        let t = array![[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]].into_dyn();
        let p = array![[0.2, 0.5, 0.3], [0.2, 0.1, 0.1]].into_dyn();
        let of = |p: f64| (1.0 - p) * (1.0 - p) * -p.ln();
        let loss = CategoricalFocalCrossentropy::new();
        // The second row is divided by its sum.
        close(&loss, &t, &p, &[0.25 * of(0.5), 0.25 * of(0.5)]);
        let each = loss.clone().alpha(&[0.1, 0.2, 0.3]);
        close(&each, &t, &p, &[0.2 * of(0.5), 0.1 * of(0.5)]);
        let logits = p.mapv(Float::ln);
        close(&each.clone().from_logits(true), &t, &logits, &[0.2 * of(0.5), 0.1 * of(0.5)]);
        let plain = loss.alpha(&[1.0]).gamma(0.0).label_smoothing(0.2);
        let expected = run(&CategoricalCrossentropy::new().label_smoothing(0.2), &t, &p).unwrap();
        let expected: Vec<f64> = expected.iter().map(|x| x.as_f64()).collect();
        close(&plain, &t, &p, &expected);
        gradient(&each.clone().label_smoothing(0.1), &t, &p);
        gradient(&each.from_logits(true), &t, &logits);
    }

    #[test]
    fn options_are_checked() {
        let binary = BinaryFocalCrossentropy::new();
        for (loss, name) in [
            (binary.alpha(1.5), "alpha"),
            (binary.gamma(-1.0), "gamma"),
            (binary.label_smoothing(2.0), "label_smoothing"),
        ] {
            let text = check(&loss, &[1], &[1.0], &[1]).unwrap_err();
            assert!(text.starts_with(&format!("`{name}` is ")), "{text}");
        }
        let loss = CategoricalFocalCrossentropy::new().alpha(&[0.5, 0.5]);
        let text = check(&loss, &[3], &[1.0, 0.0, 0.0], &[3]).unwrap_err();
        assert_eq!(text, "`alpha` is [0.5, 0.5], but must be one number, or one for each class");
    }
}
