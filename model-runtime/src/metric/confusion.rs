//! Metrics of yes or no: what is right and wrong above thresholds.

use super::{Batch, Direction, Metric, ratio};
use crate::float::Scalar;
use crate::loss::Target;
use crate::{Error, Float};

/// How many predictions are above a threshold (positive) and not (negative), and right to be so
/// (true) or not (false), each by its weight.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Counts {
    pub true_positives: f64,
    pub false_positives: f64,
    pub true_negatives: f64,
    pub false_negatives: f64,
}

/// Counts predictions above each of some thresholds.
///
/// Its statistics are histograms: of the predictions whose target is 0, then of those whose target
/// is not, how many lie between two neighbours among the thresholds.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Thresholds {
    given: Vec<Float>,
    sorted: Vec<Float>,
}

impl Thresholds {
    pub fn new(given: Vec<Float>) -> Thresholds {
        let mut sorted = given.clone();
        sorted.sort_unstable_by(Float::total_cmp);
        Thresholds { given, sorted }
    }

    /// How many statistics there are.
    pub fn size(&self) -> usize {
        2 * (self.sorted.len() + 1)
    }

    /// Adds a prediction to statistics.
    pub fn add(&self, sums: &mut [f64], target: Float, prediction: Float, weight: f64) {
        let bucket = self.sorted.partition_point(|threshold| *threshold < prediction);
        let bins = self.sorted.len() + 1;
        sums[usize::from(target != 0.0) * bins + bucket] += weight;
    }

    /// The counts of each threshold, in the order in which they were given.
    pub fn counts(&self, sums: &[f64]) -> Vec<Counts> {
        let (no, yes) = sums.split_at(sums.len() / 2);
        // How many are above each threshold.
        let above = |bins: &[f64]| {
            let mut above = vec![0.0; self.sorted.len()];
            let mut sum = 0.0;
            for i in (0..above.len()).rev() {
                sum += bins.get(i + 1).copied().unwrap_or(0.0);
                above[i] = sum;
            }
            above
        };
        let (above_no, above_yes) = (above(no), above(yes));
        let (all_no, all_yes): (f64, f64) = (no.iter().sum(), yes.iter().sum());
        let of = |threshold: &Float| {
            let at = self.sorted.partition_point(|sorted| sorted < threshold);
            Counts {
                true_positives: above_yes[at],
                false_positives: above_no[at],
                true_negatives: all_no - above_no[at],
                false_negatives: all_yes - above_yes[at],
            }
        };
        self.given.iter().map(of).collect()
    }
}

/// What a metric of yes or no looks at.
#[derive(Clone, Debug, Default, PartialEq)]
struct Options {
    thresholds: Option<Vec<Float>>,
    top_k: Option<usize>,
    class_id: Option<usize>,
}

/// Refuses thresholds outside of 0 to 1.
pub(super) fn check_thresholds(thresholds: &[Float]) -> Result<(), Error> {
    if !thresholds.is_empty() && thresholds.iter().all(|t| (0.0..=1.0).contains(t)) {
        return Ok(());
    }
    let (name, value) = ("thresholds", format!("{thresholds:?}"));
    Err(Error::Option { name, value, expected: "made of numbers from 0 to 1, at least one" })
}

impl Options {
    fn thresholds(&self) -> Thresholds {
        let default = if self.top_k.is_some() { Float::NEG_INFINITY } else { 0.5 };
        Thresholds::new(self.thresholds.clone().unwrap_or_else(|| vec![default]))
    }

    fn statistics(&self, batch: &Batch<'_>) -> Vec<f64> {
        let (thresholds, classes) = (self.thresholds(), batch.classes());
        let mut sums = vec![0.0; thresholds.size()];
        batch.for_each(|y_true, y_pred, weight| {
            for (t, p) in y_true.chunks_exact(classes).zip(y_pred.chunks_exact(classes)) {
                let counts = self.top_k.map(|k| largest(p, k));
                let chosen = |i: &usize| self.class_id.is_none_or(|class| class == *i);
                for i in (0..classes).filter(chosen) {
                    let is_left_out = counts.as_ref().is_some_and(|counts| !counts[i]);
                    let prediction = if is_left_out { Float::NEG_INFINITY } else { p[i] };
                    thresholds.add(&mut sums, t[i], prediction, weight);
                }
            }
        });
        sums
    }

    fn result(&self, sums: &[f64], of: impl Fn(Counts) -> f64) -> Vec<Float> {
        let counts = self.thresholds().counts(sums);
        counts.into_iter().map(|counts| Float::of(of(counts))).collect()
    }

    fn check(&self, target: &Target<'_>, name: &str) -> Result<(), Error> {
        self.thresholds.as_deref().map_or(Ok(()), check_thresholds)?;
        if self.top_k == Some(0) {
            let (name, value) = ("top_k", "0".to_owned());
            return Err(Error::Option { name, value, expected: "1 or more" });
        }
        let classes = target.output.last();
        if let Some(class) = self.class_id.filter(|class| *class >= classes) {
            let (name, value) = ("class_id", class.to_string());
            return Err(Error::Option { name, value, expected: "below the number of classes" });
        }
        target.is_binary(name)
    }
}

/// Which are among the `k` largest; of equals the first.
fn largest(row: &[Float], k: usize) -> Vec<bool> {
    if k == 0 || k >= row.len() {
        return vec![k > 0; row.len()];
    }
    let mut numbers = row.to_vec();
    let (larger, least, _) = numbers.select_nth_unstable_by(k - 1, |a, b| b.total_cmp(a));
    let above = larger.iter().filter(|x| x.total_cmp(least).is_gt()).count();
    let mut equals = k - above;
    let mut is_large = |x: &Float| {
        let order = x.total_cmp(least);
        let fits = order.is_gt() || order.is_eq() && equals > 0;
        equals -= usize::from(fits && order.is_eq());
        fits
    };
    row.iter().map(&mut is_large).collect()
}

macro_rules! confusion {
    ($(
        $(#[$doc:meta])*
        $metric:ident, $name:literal, $direction:ident, |$counts:ident| $of:expr;
    )*) => {$(
        $(#[$doc])*
        ///
        /// Targets of 0 or 1 and predictions have the same shape `(samples, …)`; a last axis of
        /// size 1 may be missing in one.
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct $metric {
            options: Options,
        }

        impl $metric {
            /// With the threshold ½.
            pub fn new() -> $metric {
                $metric::default()
            }

            /// Above which a prediction is a 1, from 0 to 1; the metric has a number for each. ½ by
            /// default.
            pub fn thresholds(mut self, thresholds: &[Float]) -> $metric {
                self.options.thresholds = Some(thresholds.to_vec());
                self
            }
        }

        impl Metric for $metric {
            fn direction(&self) -> Option<Direction> {
                Some(Direction::$direction)
            }

            fn name(&self) -> String {
                $name.to_owned()
            }

            fn statistics(&self, batch: &Batch<'_>) -> Result<Vec<f64>, Error> {
                Ok(self.options.statistics(batch))
            }

            fn result(&self, sums: &[f64]) -> Vec<Float> {
                self.options.result(sums, |$counts| $of)
            }

            fn check(&self, target: &Target<'_>) -> Result<(), Error> {
                self.options.check(target, $name)
            }
        }
    )*};
}

macro_rules! choices {
    ($($metric:ident)*) => {$(
        impl $metric {
            /// Counts only the `k` largest of the classes, the last axis, as a 1; there is no
            /// threshold then, unless one is given.
            pub fn top_k(mut self, top_k: usize) -> $metric {
                self.options.top_k = Some(top_k);
                self
            }

            /// Looks only at this class of the last axis; at all by default.
            pub fn class_id(mut self, class_id: usize) -> $metric {
                self.options.class_id = Some(class_id);
                self
            }
        }
    )*};
}

confusion! {
    /// How many predictions are above the threshold, and the target is 1;
    /// [Keras's
    /// `TruePositives`](https://keras.io/api/metrics/classification_metrics/).
    TruePositives, "true_positives", Up, |counts| counts.true_positives;
    /// How many predictions are not above the threshold, and the target is 0;
    /// [Keras's
    /// `TrueNegatives`](https://keras.io/api/metrics/classification_metrics/).
    TrueNegatives, "true_negatives", Up, |counts| counts.true_negatives;
    /// How many predictions are above the threshold, but the target is 0;
    /// [Keras's
    /// `FalsePositives`](https://keras.io/api/metrics/classification_metrics/).
    FalsePositives, "false_positives", Down, |counts| counts.false_positives;
    /// How many predictions are not above the threshold, but the target is 1;
    /// [Keras's
    /// `FalseNegatives`](https://keras.io/api/metrics/classification_metrics/).
    FalseNegatives, "false_negatives", Down, |counts| counts.false_negatives;
    /// The share of the predictions above the threshold whose target is 1; 0 where there are none;
    /// [Keras's
    /// `Precision`](https://keras.io/api/metrics/classification_metrics/).
    Precision, "precision", Up,
    |counts| ratio(counts.true_positives, counts.true_positives + counts.false_positives);
    /// The share of the targets of 1 whose prediction is above the threshold; 0 where there are
    /// none;
    /// [Keras's
    /// `Recall`](https://keras.io/api/metrics/classification_metrics/).
    Recall, "recall", Up,
    |counts| ratio(counts.true_positives, counts.true_positives + counts.false_negatives);
}

choices!(Precision Recall);

#[cfg(test)]
mod tests {
    use ndarray::{ArrayD, array};

    use super::*;
    use crate::metric::tests::{check, close, measure, measure_all};

    fn pair() -> (ArrayD<Float>, ArrayD<Float>) {
        let t = array![[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]].into_dyn();
        let p = array![[0.75, 0.5], [0.25, 0.625], [0.0, 1.0]].into_dyn();
        (t, p)
    }

    #[test]
    fn of_equals_the_first_are_among_the_largest() {
        let row = [1.0, 3.0, 3.0, 2.0, 3.0];
        for (k, expected) in [
            (0, [false; 5]),
            (1, [false, true, false, false, false]),
            (2, [false, true, true, false, false]),
            (4, [false, true, true, true, true]),
            (5, [true; 5]),
            (9, [true; 5]),
        ] {
            assert_eq!(largest(&row, k), expected, "{k}");
        }
    }

    #[test]
    fn each_is_counted_by_weight() {
        let (t, p) = pair();
        for (metric, expected) in [
            (&TruePositives::new() as &dyn Metric, 1.0 + 3.0),
            (&FalsePositives::new(), 2.0),
            (&TrueNegatives::new(), 1.0 + 3.0),
            (&FalseNegatives::new(), 2.0),
            (&Precision::new(), 4.0 / 6.0),
            (&Recall::new(), 4.0 / 6.0),
        ] {
            let got = measure(metric, &t, &p, &[1.0, 2.0, 3.0]);
            assert!((got - expected).abs() < 1e-6, "{}: {got}", metric.name());
        }
        assert_eq!(measure(&Precision::new(), &t, &(p * 0.0), &[1.0; 3]), 0.0);
    }

    #[test]
    fn each_threshold_has_a_number_in_the_order_given() {
        let (t, p) = pair();
        let thresholds = [0.625, 0.0, 1.0, 0.0];
        let all = |metric: &dyn Metric| measure_all(metric, &t, &p, &[1.0; 3]);
        close(&all(&TruePositives::new().thresholds(&thresholds)), &[2.0, 3.0, 0.0, 3.0]);
        close(&all(&FalsePositives::new().thresholds(&thresholds)), &[0.0, 2.0, 0.0, 2.0]);
        close(&all(&Recall::new().thresholds(&thresholds)), &[2.0 / 3.0, 1.0, 0.0, 1.0]);
    }

    #[test]
    fn classes_and_the_largest_of_them_are_chosen() {
        let (t, p) = pair();
        let one = |metric: &dyn Metric| measure(metric, &t, &p, &[1.0; 3]);
        assert_eq!(one(&Recall::new().class_id(0)), 0.5);
        assert_eq!(one(&Recall::new().class_id(1)), 1.0);
        assert_eq!(one(&Precision::new().class_id(1)), 0.5);
        // The largest: 0, 1, 1, though all of 0.3 are the first.
        assert!((one(&Precision::new().top_k(1)) - 2.0 / 3.0).abs() < 1e-6);
        assert_eq!(one(&Precision::new().top_k(1).thresholds(&[0.7])), 1.0);
        let even = array![[0.3, 0.3], [0.3, 0.3], [0.3, 0.3]].into_dyn();
        let first = measure(&Recall::new().top_k(1), &t, &even, &[1.0; 3]);
        assert!((first - 2.0 / 3.0).abs() < 1e-6);
    }

    #[test]
    fn options_and_targets_are_checked() {
        let text = |metric: &dyn Metric| check(metric, &[2], &[0.0, 2.0], &[2]).unwrap_err();
        assert!(text(&Recall::new()).contains("has 2 in sample 0, but `recall` takes"));
        assert!(text(&Recall::new().class_id(2)).starts_with("`class_id` is 2"));
        assert!(text(&Recall::new().top_k(0)).starts_with("`top_k` is 0"));
        assert!(text(&Recall::new().thresholds(&[1.5])).starts_with("`thresholds` is [1.5]"));
        assert!(text(&Recall::new().thresholds(&[])).starts_with("`thresholds` is []"));
    }
}
