use super::confusion::{Counts, Thresholds, check_thresholds};
use super::{Batch, Direction, Metric, ratio};
use crate::float::Scalar;
use crate::loss::Target;
use crate::ops::cross_entropy::EPSILON;
use crate::{Error, Float};

/// The curve whose area [`AUC`] is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Curve {
    /// Recall over the share of false alarms, the receiver operating characteristic.
    #[default]
    ROC,
    /// Precision over recall.
    PR,
    /// Precision gain over recall gain
    /// (Flach and Kull, Precision-Recall-Gain Curves, 2015).
    PRGAIN,
}

/// How [`AUC`] sums between two thresholds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SummationMethod {
    /// The middle of the two heights; for [`Curve::PR`], precision is interpolated as
    /// [Davis and Goadrich, 2006](https://doi.org/10.1145/1143844.1143874) have it.
    #[default]
    Interpolation,
    /// The larger height.
    Majoring,
    /// The smaller height.
    Minoring,
}

/// The area under a curve of thresholds, from 0 to 1: how well predictions tell 1 from 0, whatever
/// the threshold;
/// [Keras's
/// `AUC`](https://keras.io/api/metrics/classification_metrics/).
///
/// As in Keras it is the sum over 200 thresholds, and so not exact. Targets of 0 or 1 and
/// predictions, from 0 to 1, have the same shape `(samples, …)`; a last axis of size 1 may be
/// missing in one.
///
/// For several labels at once, of logits, the area is a mean over the labels:
///
/// ```
/// use model_runtime::prelude::*;
/// use ndarray::array;
/// let net = model! { x = Input(2); Identity()(x) };
/// let auc = AUC::new()
///     .num_thresholds(50)
///     .from_logits(true)
///     .multi_label(true)
///     .label_weights(&[3.0, 1.0]);
/// let few = AUC::new().thresholds(&[0.25, 0.5, 0.75]).with_name("few");
/// let trainer = net.compile("sgd", "mse")?.with_metrics([auc])?.with_metrics([few])?;
/// // The first label is told from the others always, the second never.
/// let logs = trainer.evaluate(&array![[2.0, -1.0], [-2.0, -3.0]], &array![[1, 0], [0, 1]]);
/// assert!((logs?["auc"] - 0.75).abs() < 1e-5);
/// let logs = trainer.evaluate(&array![[0.9, 0.1], [0.2, 0.8]], &array![[1, 0], [0, 1]]);
/// assert!((logs?["few"] - 1.0).abs() < 1e-5);
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct AUC {
    num_thresholds: usize,
    thresholds: Option<Vec<Float>>,
    curve: Curve,
    summation_method: SummationMethod,
    multi_label: bool,
    label_weights: Option<Vec<Float>>,
    from_logits: bool,
}

impl Default for AUC {
    fn default() -> AUC {
        AUC::new()
    }
}

impl AUC {
    /// Under [`Curve::ROC`], with 200 thresholds.
    pub fn new() -> AUC {
        AUC {
            num_thresholds: 200,
            thresholds: None,
            curve: Curve::default(),
            summation_method: SummationMethod::default(),
            multi_label: false,
            label_weights: None,
            from_logits: false,
        }
    }

    /// How many thresholds there are, evenly from 0 to 1; 200 by default.
    pub fn num_thresholds(mut self, num_thresholds: usize) -> AUC {
        self.num_thresholds = num_thresholds;
        self
    }

    /// The thresholds between 0 and 1, instead of evenly many; 0 and 1 are added.
    pub fn thresholds(mut self, thresholds: &[Float]) -> AUC {
        self.thresholds = Some(thresholds.to_vec());
        self
    }

    /// The curve; [`Curve::ROC`] by default.
    pub fn curve(mut self, curve: Curve) -> AUC {
        self.curve = curve;
        self
    }

    /// How to sum between thresholds; [`SummationMethod::Interpolation`] by default.
    pub fn summation_method(mut self, summation_method: SummationMethod) -> AUC {
        self.summation_method = summation_method;
        self
    }

    /// Whether each label, a number of the last axis, has an area of its own, of which the mean is
    /// taken; no by default.
    pub fn multi_label(mut self, multi_label: bool) -> AUC {
        self.multi_label = multi_label;
        self
    }

    /// How much each label of the last axis counts; all the same by default.
    pub fn label_weights(mut self, label_weights: &[Float]) -> AUC {
        self.label_weights = Some(label_weights.to_vec());
        self
    }

    /// Whether a sigmoid is applied to the predictions; no by default.
    pub fn from_logits(mut self, from_logits: bool) -> AUC {
        self.from_logits = from_logits;
        self
    }

    /// All of them, those at the ends a little outside.
    fn all_thresholds(&self) -> Thresholds {
        let last = self.num_thresholds.saturating_sub(1).max(1);
        let even = |i: usize| Float::of(i as f64 / last as f64);
        let mut inner = match &self.thresholds {
            Some(thresholds) => thresholds.clone(),
            None => (1..last).map(even).collect(),
        };
        inner.sort_unstable_by(Float::total_cmp);
        let ends = [Float::of(-EPSILON), Float::of(1.0 + EPSILON)];
        let [first, last] = ends.map(|end| [end]);
        Thresholds::new([&first[..], &inner, &last].concat())
    }

    /// The area under a curve of counts, from the lowest threshold to the highest.
    fn area(&self, counts: &[Counts]) -> f64 {
        if (self.curve, self.summation_method) == (Curve::PR, SummationMethod::Interpolation) {
            return counts.windows(2).map(|pair| interpolated(pair[0], pair[1])).sum();
        }
        let points: Vec<(f64, f64)> =
            counts.iter().map(|counts| self.curve.point(counts)).collect();
        let strip = |pair: &[(f64, f64)]| {
            let ((x0, y0), (x1, y1)) = (pair[0], pair[1]);
            let height = match self.summation_method {
                SummationMethod::Interpolation => (y0 + y1) / 2.0,
                SummationMethod::Majoring => y0.max(y1),
                SummationMethod::Minoring => y0.min(y1),
            };
            (x0 - x1) * height
        };
        points.windows(2).map(strip).sum()
    }
}

impl Curve {
    /// Where the curve is at a threshold.
    fn point(self, counts: &Counts) -> (f64, f64) {
        let (tp, fp) = (counts.true_positives, counts.false_positives);
        let (tn, fn_) = (counts.true_negatives, counts.false_negatives);
        match self {
            Curve::ROC => (ratio(fp, fp + tn), ratio(tp, tp + fn_)),
            Curve::PR => (ratio(tp, tp + fn_), ratio(tp, tp + fp)),
            Curve::PRGAIN if tp == 0.0 => (0.0, 1.0),
            Curve::PRGAIN => {
                let odds = ratio(tp + fn_, tn + fp);
                ((1.0 - odds * fn_ / tp).max(0.0), 1.0 - odds * fp / tp)
            }
        }
    }
}

/// The area under precision over recall between two thresholds, the lower first: with P predictions
/// above a threshold of which T are true, T is linear in P in between.
fn interpolated(low: Counts, high: Counts) -> f64 {
    let above = |counts: Counts| counts.true_positives + counts.false_positives;
    let slope =
        ratio(low.true_positives - high.true_positives, (above(low) - above(high)).max(0.0));
    let intercept = high.true_positives - slope * above(high);
    let between = above(low) > 0.0 && above(high) > 0.0;
    let growth = if between { above(low) / above(high) } else { 1.0 };
    let gained = low.true_positives - high.true_positives + intercept * growth.ln();
    ratio(slope * gained, high.true_positives + high.false_negatives)
}

impl Metric for AUC {
    fn direction(&self) -> Option<Direction> {
        Some(Direction::Up)
    }

    fn name(&self) -> String {
        "auc".to_owned()
    }

    fn statistics(&self, batch: &Batch<'_>) -> Result<Vec<f64>, Error> {
        let (thresholds, classes) = (self.all_thresholds(), batch.classes());
        let size = thresholds.size();
        let labels = if self.multi_label { classes } else { 1 };
        // Where each label is seen for itself, its weight counts at the end.
        let weights = self.label_weights.as_deref().filter(|_| !self.multi_label);
        let mut sums = vec![0.0; labels * size];
        batch.for_each(|y_true, y_pred, weight| {
            for (i, (t, p)) in y_true.iter().zip(y_pred).enumerate() {
                let p = if self.from_logits { 1.0 / (1.0 + (-p).exp()) } else { *p };
                let of_label = weights.map_or(1.0, |weights| weights[i % classes].as_f64());
                let label = if self.multi_label { i % classes } else { 0 };
                let sums = &mut sums[label * size..(label + 1) * size];
                thresholds.add(sums, *t, p.clamp(0.0, 1.0), weight * of_label);
            }
        });
        Ok(sums)
    }

    fn result(&self, sums: &[f64]) -> Vec<Float> {
        let thresholds = self.all_thresholds();
        let labels = sums.chunks_exact(thresholds.size());
        let areas: Vec<f64> = labels.map(|sums| self.area(&thresholds.counts(sums))).collect();
        let weights = self.label_weights.as_ref().filter(|_| self.multi_label);
        let weight = |i: usize| weights.map_or(1.0, |weights| weights[i].as_f64());
        let sum: f64 = areas.iter().enumerate().map(|(i, area)| weight(i) * area).sum();
        vec![Float::of(ratio(sum, (0..areas.len()).map(weight).sum()))]
    }

    fn check(&self, target: &Target<'_>) -> Result<(), Error> {
        if self.num_thresholds < 2 {
            let (name, value) = ("num_thresholds", self.num_thresholds.to_string());
            return Err(Error::Option { name, value, expected: "2 or more" });
        }
        self.thresholds.as_deref().map_or(Ok(()), check_thresholds)?;
        let labels = if target.output.rank() == 0 { 1 } else { target.output.last() };
        if let Some(weights) = self.label_weights.as_ref().filter(|w| w.len() != labels) {
            let (name, value) = ("label_weights", format!("{weights:?}"));
            return Err(Error::Option { name, value, expected: "one number for each label" });
        }
        target.is_binary("auc")
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{ArrayD, array};

    use super::*;
    use crate::metric::tests::{check, close, measure, measure_all};

    /// Keras's own example: three thresholds, 0, ½ and 1.
    fn pair() -> (ArrayD<Float>, ArrayD<Float>) {
        (array![0.0, 0.0, 1.0, 1.0].into_dyn(), array![0.0, 0.5, 0.3, 0.9].into_dyn())
    }

    fn area(auc: &AUC) -> f64 {
        let (t, p) = pair();
        measure(auc, &t, &p, &[1.0; 4]).as_f64()
    }

    #[track_caller]
    fn near(got: f64, expected: f64) {
        assert!((got - expected).abs() < 1e-6, "{got}, not {expected}");
    }

    #[test]
    fn the_area_is_that_of_the_strips() {
        // Above 0, ½ and 1 there are 2, 1, 0 of the true ones and 2, 0, 0 of the false ones.
        let three = AUC::new().num_thresholds(3);
        near(area(&three), 0.75);
        near(area(&AUC::new().thresholds(&[0.5])), 0.75);
        near(area(&three.clone().summation_method(SummationMethod::Majoring)), 1.0);
        near(area(&three.clone().summation_method(SummationMethod::Minoring)), 0.5);
        // Precision is ½, 1 and, of nothing, 0, at a recall of 1, ½ and 0.
        let pr = three.clone().curve(Curve::PR);
        near(area(&pr.clone().summation_method(SummationMethod::Majoring)), 0.5 + 0.5);
        near(area(&pr.clone().summation_method(SummationMethod::Minoring)), 0.25);
        // Between 0 and ½: 1 of 3 is true, and 1 - ⅓ · 1 = ⅔ of 1; ⅓ · (1 + ⅔ · ln 4) / 2.
        // Between ½ and 1: 1 of 1 is true, 1 · 1 / 2.
        near(area(&pr), (1.0 + 2.0 / 3.0 * 4.0_f64.ln()) / 6.0 + 0.5);
        // With as many of 0 as of 1, gains are 0, 1 and 1 at 1, 0 and 0.
        near(area(&three.curve(Curve::PRGAIN)), 0.5);
    }

    #[test]
    fn many_thresholds_count_the_pairs_in_order() {
        // Of the four pairs of a 1 and a 0, the 1 is above in three.
        near(area(&AUC::new()), 0.75);
        let (t, p) = pair();
        let logits = p.mapv(|p: Float| (p / (1.0 - p)).ln().max(-50.0));
        near(measure(&AUC::new().from_logits(true), &t, &logits, &[1.0; 4]).as_f64(), 0.75);
        // With the second counting 3 times, 2 · 4 - 3 of 8 pairs.
        near(measure(&AUC::new(), &t, &p, &[1.0, 3.0, 1.0, 1.0]).as_f64(), 5.0 / 8.0);
    }

    #[test]
    fn labels_have_areas_of_their_own() {
        let t = array![[0.0, 1.0], [0.0, 0.0], [1.0, 1.0], [1.0, 0.0]].into_dyn();
        let p = array![[0.0, 0.9], [0.5, 0.2], [0.3, 0.8], [0.9, 0.1]].into_dyn();
        let multi = AUC::new().multi_label(true);
        near(measure(&multi, &t, &p, &[1.0; 4]).as_f64(), (0.75 + 1.0) / 2.0);
        let weighted = multi.label_weights(&[3.0, 1.0]);
        near(measure(&weighted, &t, &p, &[1.0; 4]).as_f64(), (3.0 * 0.75 + 1.0) / 4.0);
        let first = AUC::new().label_weights(&[1.0, 0.0]);
        near(measure(&first, &t, &p, &[1.0; 4]).as_f64(), 0.75);
    }

    #[test]
    fn of_one_kind_of_target_there_is_no_area() {
        let (_, p) = pair();
        let ones = array![1.0, 1.0, 1.0, 1.0].into_dyn();
        close(&measure_all(&AUC::new(), &ones, &p, &[1.0; 4]), &[0.0]);
    }

    #[test]
    fn options_are_checked() {
        let text = |auc: AUC| check(&auc, &[2], &[0.0, 1.0], &[2]).unwrap_err();
        assert!(text(AUC::new().num_thresholds(1)).starts_with("`num_thresholds` is 1"));
        assert!(text(AUC::new().thresholds(&[-1.0])).starts_with("`thresholds` is [-1.0]"));
        assert!(text(AUC::new().label_weights(&[1.0])).starts_with("`label_weights` is [1.0]"));
        assert!(check(&AUC::new(), &[], &[0.5, 3.0], &[1]).is_err());
    }
}
