use super::{Batch, Direction, Metric};
use crate::float::Scalar;
use crate::loss::Target;
use crate::ops::cross_entropy::EPSILON;
use crate::{Error, Float};

/// How the scores of classes become one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Averaging {
    /// They do not: the metric has a number for each class.
    #[default]
    None,
    /// One score of the counts of all classes.
    Micro,
    /// The mean.
    Macro,
    /// The mean, in which a class weighs as much as it is true.
    Weighted,
}

/// `(1 + beta²) · P · R / (beta² · P + R)`, of precision P and recall R, for each class;
/// [Keras's
/// `FBetaScore`](https://keras.io/api/metrics/classification_metrics/).
///
/// Targets of 0 or 1 and predictions have the same shape `(samples, classes)`. A class is predicted
/// where it is above the threshold; without one, where it is the largest of its sample.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FBetaScore {
    average: Averaging,
    beta: Float,
    threshold: Option<Float>,
}

const FBETA: &str = "fbeta_score";

impl Default for FBetaScore {
    fn default() -> FBetaScore {
        FBetaScore::new()
    }
}

impl FBetaScore {
    /// Of each class, with `beta` 1.
    pub fn new() -> FBetaScore {
        FBetaScore { average: Averaging::None, beta: 1.0, threshold: None }
    }

    /// How much more recall counts than precision; 1 by default.
    pub fn beta(mut self, beta: Float) -> FBetaScore {
        self.beta = beta;
        self
    }

    /// How the scores of classes become one; [`Averaging::None`] by default.
    pub fn average(mut self, average: Averaging) -> FBetaScore {
        self.average = average;
        self
    }

    /// Above which a class is predicted, over 0 and up to 1; none by default.
    pub fn threshold(mut self, threshold: Float) -> FBetaScore {
        self.threshold = Some(threshold);
        self
    }

    /// Which classes a row predicts.
    fn is_predicted(&self, row: &[Float]) -> impl Fn(Float) -> bool {
        let largest = row.iter().copied().fold(Float::NEG_INFINITY, Float::max);
        let threshold = self.threshold;
        move |p| match threshold {
            Some(threshold) => p > threshold,
            None => p >= largest && p.abs() > 1e-9,
        }
    }

    /// Of true positives, false positives and false negatives.
    fn score(&self, tp: f64, fp: f64, fn_: f64) -> f64 {
        let (precision, recall) = (tp / (tp + fp + EPSILON), tp / (tp + fn_ + EPSILON));
        let square = self.beta.as_f64().powi(2);
        precision * recall / (square * precision + recall + EPSILON) * (1.0 + square)
    }

    fn check(&self, target: &Target<'_>, name: &str) -> Result<(), Error> {
        let wrong = |name, value: Float, expected| {
            Err(Error::Option { name, value: value.to_string(), expected })
        };
        if !self.beta.is_finite() || self.beta <= 0.0 {
            return wrong("beta", self.beta, "a number above 0");
        }
        if let Some(threshold) = self.threshold.filter(|t| *t <= 0.0 || *t > 1.0) {
            return wrong("threshold", threshold, "a number above 0, up to 1");
        }
        target.is_binary(name)
    }
}

impl Metric for FBetaScore {
    fn direction(&self) -> Option<Direction> {
        Some(Direction::Up)
    }

    fn name(&self) -> String {
        FBETA.to_owned()
    }

    /// True positives, false positives, false negatives and true ones of each class.
    fn statistics(&self, batch: &Batch<'_>) -> Result<Vec<f64>, Error> {
        let classes = batch.classes();
        let mut sums = vec![0.0; 4 * classes];
        batch.for_each(|y_true, y_pred, weight| {
            for (t, p) in y_true.chunks_exact(classes).zip(y_pred.chunks_exact(classes)) {
                let is_predicted = self.is_predicted(p);
                for (class, (t, p)) in t.iter().zip(p).enumerate() {
                    let (t, p) = (t.as_f64(), f64::from(is_predicted(*p)));
                    let counts = [p * t, p * (1.0 - t), (1.0 - p) * t, t];
                    for (i, count) in counts.into_iter().enumerate() {
                        sums[i * classes + class] += weight * count;
                    }
                }
            }
        });
        Ok(sums)
    }

    fn result(&self, sums: &[f64]) -> Vec<Float> {
        let classes = sums.len() / 4;
        let [tp, fp, fn_, weights] = [0, 1, 2, 3].map(|i| &sums[i * classes..(i + 1) * classes]);
        let scores = (0..classes).map(|class| self.score(tp[class], fp[class], fn_[class]));
        let total = |counts: &[f64]| counts.iter().sum::<f64>();
        let one = match self.average {
            Averaging::None => return scores.map(Float::of).collect(),
            Averaging::Micro => self.score(total(tp), total(fp), total(fn_)),
            Averaging::Macro => scores.sum::<f64>() / classes as f64,
            Averaging::Weighted => {
                let all = total(weights) + EPSILON;
                scores.zip(weights).map(|(score, weight)| score * weight / all).sum()
            }
        };
        vec![Float::of(one)]
    }

    fn check(&self, target: &Target<'_>) -> Result<(), Error> {
        self.check(target, FBETA)
    }
}

/// `2 · P · R / (P + R)`, of precision P and recall R, for each class: [`FBetaScore`] with `beta`
/// 1; [Keras's
/// `F1Score`](https://keras.io/api/metrics/classification_metrics/).
///
/// ```
/// use model_runtime::prelude::*;
/// let score = F1Score::new().average(Averaging::Macro);
/// # fn takes(_: impl IntoMetric) {}
/// # takes(score);
/// ```
///
/// Without an average, logs have a number for each class: `f1_score[0]`, `f1_score[1]`, …
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct F1Score {
    score: FBetaScore,
}

impl F1Score {
    /// Of each class.
    pub fn new() -> F1Score {
        F1Score::default()
    }

    /// How the scores of classes become one; [`Averaging::None`] by default.
    pub fn average(self, average: Averaging) -> F1Score {
        F1Score { score: self.score.average(average) }
    }

    /// Above which a class is predicted, over 0 and up to 1; none by default.
    pub fn threshold(self, threshold: Float) -> F1Score {
        F1Score { score: self.score.threshold(threshold) }
    }
}

impl Metric for F1Score {
    fn direction(&self) -> Option<Direction> {
        Some(Direction::Up)
    }

    fn name(&self) -> String {
        "f1_score".to_owned()
    }

    fn statistics(&self, batch: &Batch<'_>) -> Result<Vec<f64>, Error> {
        self.score.statistics(batch)
    }

    fn result(&self, sums: &[f64]) -> Vec<Float> {
        self.score.result(sums)
    }

    fn check(&self, target: &Target<'_>) -> Result<(), Error> {
        self.score.check(target, "f1_score")
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{ArrayD, array};

    use super::*;
    use crate::metric::tests::{check, close, measure_all};

    fn scores(metric: &dyn Metric) -> Vec<Float> {
        let t: ArrayD<Float> = array![[1.0, 1.0, 1.0], [1.0, 0.0, 0.0], [1.0, 1.0, 0.0]].into_dyn();
        let p: ArrayD<Float> = array![[0.2, 0.6, 0.7], [0.2, 0.6, 0.6], [0.6, 0.8, 0.0]].into_dyn();
        measure_all(metric, &t, &p, &[1.0, 1.0, 1.0])
    }

    #[test]
    fn above_a_threshold_each_class_has_its_score() {
        // Right, wrong and missed: 1, 0, 2; 2, 1, 0; 1, 1, 0.
        let expected = [0.5, 0.8, 2.0 / 3.0];
        let score = F1Score::new().threshold(0.5);
        close(&scores(&score), &expected);
        close(&scores(&score.average(Averaging::Macro)), &[expected.iter().sum::<f64>() / 3.0]);
        close(&scores(&score.average(Averaging::Micro)), &[2.0 * 4.0 / (2.0 * 4.0 + 2.0 + 2.0)]);
        let weighted = (3.0 * 0.5 + 2.0 * 0.8 + 2.0 / 3.0) / 6.0;
        close(&scores(&score.average(Averaging::Weighted)), &[weighted]);
        // Precision 1, ⅔, ½ and recall ⅓, 1, 1, of which recall counts 4 times.
        let of = |p: f64, r: f64| 5.0 * p * r / (4.0 * p + r);
        let expected = [of(1.0, 1.0 / 3.0), of(2.0 / 3.0, 1.0), of(0.5, 1.0)];
        close(&scores(&FBetaScore::new().beta(2.0).threshold(0.5)), &expected);
    }

    #[test]
    fn without_a_threshold_the_largest_is_predicted() {
        // The largest: 2; 1 and 2; 1. So 0, 0, 3; 1, 1, 1; 1, 1, 0.
        close(&scores(&F1Score::new()), &[0.0, 0.5, 2.0 / 3.0]);
    }

    #[test]
    fn options_are_checked() {
        let text = |metric: &dyn Metric| check(metric, &[1], &[1.0], &[1]).unwrap_err();
        assert!(text(&F1Score::new().threshold(0.0)).starts_with("`threshold` is 0"));
        assert!(text(&FBetaScore::new().beta(0.0)).starts_with("`beta` is 0"));
    }
}
