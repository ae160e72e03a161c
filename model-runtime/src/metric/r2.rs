use super::{Batch, Direction, Metric};
use crate::float::Scalar;
use crate::loss::Target;
use crate::{Error, Float};

/// How the scores of several outputs become one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Aggregation {
    /// They do not: the metric has a number for each.
    None,
    /// The mean.
    #[default]
    UniformAverage,
    /// The mean, in which each weighs as much as its targets vary.
    VarianceWeightedAverage,
}

/// `1 - Σ (t - p)² / Σ (t - mean t)²`: how much of the variation of targets t predictions p
/// explain; 1 where they are right, 0 where they are as good as the mean;
/// [Keras's
/// `R2Score`](https://keras.io/api/metrics/regression_metrics/).
///
/// Targets and predictions have the same shape `(samples, outputs)`; a last axis of size 1 may be
/// missing in one. The score of targets that do not vary counts as 0, or is NaN if the predictions
/// are right too, as in Keras.
///
/// Adjusted for how many inputs the predictions were made of:
///
/// ```
/// use model_runtime::prelude::*;
/// use ndarray::array;
/// let net = model! { x = Input(1); Identity()(x) };
/// let r2 = R2Score::new();
/// let adjusted = R2Score::new().num_regressors(1).with_name("adjusted");
/// let trainer = net.compile("sgd", "mse")?.with_metrics([r2])?.with_metrics([adjusted])?;
/// let logs = trainer.evaluate(&array![[1.0], [2.0], [4.0]], &array![[1.0], [2.0], [3.0]])?;
/// assert!((logs["r2_score"] - 0.5).abs() < 1e-5);
/// // 1 - (1 - ½) · (3 - 1) / (3 - 1 - 1).
/// assert!(logs["adjusted"].abs() < 1e-5);
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct R2Score {
    class_aggregation: Aggregation,
    num_regressors: usize,
}

impl R2Score {
    /// The mean over the outputs.
    pub fn new() -> R2Score {
        R2Score::default()
    }

    /// How the scores of several outputs become one; their mean by default.
    pub fn class_aggregation(mut self, class_aggregation: Aggregation) -> R2Score {
        self.class_aggregation = class_aggregation;
        self
    }

    /// How many independent regressors there are, for which the score is adjusted: `1 - (1 - R²) ·
    /// (n - 1) / (n - regressors - 1)`, where n counts the targets, as in Keras. 0 by default, and
    /// without effect where there are not enough targets.
    pub fn num_regressors(mut self, num_regressors: usize) -> R2Score {
        self.num_regressors = num_regressors;
        self
    }

    fn adjusted(&self, score: f64, count: f64) -> f64 {
        let regressors = self.num_regressors as f64;
        if regressors == 0.0 || regressors >= count - 1.0 {
            return score;
        }
        1.0 - (1.0 - score) * (count - 1.0) / (count - regressors - 1.0)
    }
}

impl Metric for R2Score {
    fn direction(&self) -> Option<Direction> {
        Some(Direction::Up)
    }

    fn name(&self) -> String {
        "r2_score".to_owned()
    }

    /// Of each output the sums of the weights, the targets, their squares, and the squared errors;
    /// at the end how many targets there are.
    fn statistics(&self, batch: &Batch<'_>) -> Result<Vec<f64>, Error> {
        let outputs = batch.classes();
        let mut sums = vec![[0.0; 4]; outputs];
        let mut count = 0;
        batch.for_each(|y_true, y_pred, weight| {
            for (t, p) in y_true.chunks_exact(outputs).zip(y_pred.chunks_exact(outputs)) {
                for (sums, (t, p)) in sums.iter_mut().zip(t.iter().zip(p)) {
                    let (t, p) = (t.as_f64(), p.as_f64());
                    let parts = [1.0, t, t * t, (t - p) * (t - p)];
                    sums.iter_mut().zip(parts).for_each(|(sum, part)| *sum += weight * part);
                }
                count += outputs;
            }
        });
        let part = |part: usize| sums.iter().map(move |sums| sums[part]);
        Ok((0..4).flat_map(part).chain([count as f64]).collect())
    }

    fn result(&self, sums: &[f64]) -> Vec<Float> {
        let outputs = sums.len() / 4;
        let part = |i: usize, output: usize| sums[i * outputs + output];
        let of = |output: usize| {
            let mean = part(1, output) / part(0, output);
            let total = part(2, output) - part(1, output) * mean;
            let score = 1.0 - part(3, output) / total;
            (total, if score.is_infinite() { 0.0 } else { score })
        };
        let scores: Vec<(f64, f64)> = (0..outputs).map(of).collect();
        let sum = |of: fn(&(f64, f64)) -> f64| scores.iter().map(of).sum::<f64>();
        let scores: Vec<f64> = match self.class_aggregation {
            Aggregation::None => scores.iter().map(|(_, score)| *score).collect(),
            Aggregation::UniformAverage => vec![sum(|(_, score)| *score) / outputs as f64],
            Aggregation::VarianceWeightedAverage => {
                vec![sum(|(total, score)| total * score) / sum(|(total, _)| *total)]
            }
        };
        let count = sums.last().copied().unwrap_or(0.0);
        scores.into_iter().map(|score| Float::of(self.adjusted(score, count))).collect()
    }

    fn check(&self, target: &Target<'_>) -> Result<(), Error> {
        target.has_output_shape("r2_score")
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;
    use crate::metric::tests::{close, measure_all};

    #[test]
    fn it_is_the_formula() {
        let t = array![[1.0, 0.0], [2.0, 0.0], [6.0, 3.0]].into_dyn();
        let p = array![[2.0, 1.0], [2.0, 0.0], [4.0, 3.0]].into_dyn();
        let of = |metric: R2Score, weights: &[Float]| measure_all(&metric, &t, &p, weights);
        // Errors 1 + 4 and 1; around the means 3 and 1: 4 + 1 + 9 and 1 + 1 + 4.
        let (a, b) = (1.0 - 5.0 / 14.0, 1.0 - 1.0 / 6.0);
        let each = R2Score::new().class_aggregation(Aggregation::None);
        close(&of(each, &[1.0; 3]), &[a, b]);
        close(&of(R2Score::new(), &[1.0; 3]), &[(a + b) / 2.0]);
        let weighted = R2Score::new().class_aggregation(Aggregation::VarianceWeightedAverage);
        close(&of(weighted, &[1.0; 3]), &[(14.0 * a + 6.0 * b) / 20.0]);
        let adjusted = R2Score::new().num_regressors(2);
        close(&of(adjusted, &[1.0; 3]), &[1.0 - (1.0 - (a + b) / 2.0) * 5.0 / 3.0]);
        close(&of(R2Score::new().num_regressors(5), &[1.0; 3]), &[(a + b) / 2.0]);
        // The second twice: errors 1 + 4 and 1; means 11/4 and ¾.
        let squares = [1.0 + 8.0 + 36.0 - 121.0 / 4.0, 9.0 - 9.0 / 4.0];
        let expected = [1.0 - 5.0 / squares[0], 1.0 - 1.0 / squares[1]];
        close(&of(each, &[1.0, 2.0, 1.0]), &expected);
    }

    #[test]
    fn targets_that_do_not_vary_have_the_score_0() {
        let t = array![[1.0], [1.0]].into_dyn();
        close(
            &measure_all(&R2Score::new(), &t, &array![[1.0], [2.0]].into_dyn(), &[1.0; 2]),
            &[0.0],
        );
        assert!(measure_all(&R2Score::new(), &t, &t, &[1.0; 2])[0].is_nan());
    }
}
