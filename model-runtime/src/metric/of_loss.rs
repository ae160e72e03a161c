//! Losses as metrics: means and sums of one number for each sample.

use super::{Batch, Direction, Metric, ratio};
use crate::float::Scalar;
use crate::loss::Target;
use crate::tensor::Tensor;
use crate::{Error, Float, Loss, MeanSquaredError, Mode, PerSample, Var, loss, tape};

/// The losses of a batch, and which of them count.
struct Losses {
    values: Tensor,
    mask: Option<Tensor>,
}

/// What a loss, or what is like one, gives of a batch.
fn losses(
    name: &str,
    batch: &Batch<'_>,
    loss: impl FnOnce(Var, Var) -> PerSample,
) -> Result<Losses, Error> {
    let losses = tape::run(Mode::Inference, || {
        let (t, p) = (Var::from_array(&batch.y_true), Var::from_array(&batch.y_pred));
        let p = match &batch.mask {
            Some(mask) => p.with_mask(Var::from_array(mask)),
            None => p,
        };
        let losses = tape::strict(|| loss(t, p));
        let fits = losses.var().shape().dim(0) == batch.weights.len();
        let losses = if fits { losses.with_mask_of(p) } else { losses };
        Losses { values: losses.var().tensor(), mask: losses.mask().map(Var::tensor) }
    });
    let not_per_sample = |got, samples, location| {
        let loss = Some(name.to_owned());
        Err(Error::NotPerSample { loss, got, samples, location })
    };
    match losses {
        Ok(losses) if losses.values.shape().dim(0) != batch.weights.len() => {
            let got = losses.values.shape().dims().to_vec();
            not_per_sample(got, Some(batch.weights.len()), None)
        }
        Err(Error::NotPerSample { loss: None, got, samples, location }) => {
            not_per_sample(got, samples, location)
        }
        losses => losses,
    }
}

impl Losses {
    /// Their weighted sum, and that of the weights; each sample's positions weigh together as much
    /// as `share` of a sample makes of their number.
    fn sums(&self, weights: &[Float], share: impl Fn(usize) -> f64) -> Vec<f64> {
        let positions = self.values.len() / weights.len().max(1);
        let (mut sum, mut count) = (0.0, 0.0);
        for (i, value) in self.values.data().iter().enumerate() {
            let counts = self.mask.as_ref().map_or(1.0, |mask| mask.data()[i].as_f64());
            let weight = weights[i / positions].as_f64() * counts * share(positions);
            sum += weight * value.as_f64();
            count += weight;
        }
        vec![sum, count]
    }

    fn mean(&self, weights: &[Float]) -> Vec<f64> {
        self.sums(weights, |positions| 1.0 / positions as f64)
    }
}

impl<L: Loss> Metric for L {
    /// Down, for a loss is to become small; not known of a function or closure, which may be
    /// anything.
    fn direction(&self) -> Option<Direction> {
        Loss::direction(self)
    }

    /// The loss's name.
    fn name(&self) -> String {
        metric_name(self)
    }

    fn statistics(&self, batch: &Batch<'_>) -> Result<Vec<f64>, Error> {
        mean(self, batch)
    }

    fn needs_target(&self) -> bool {
        Loss::needs_target(self)
    }

    fn check(&self, target: &Target<'_>) -> Result<(), Error> {
        Loss::check(self, target)
    }
}

/// `loss` is what logs call the total loss.
fn metric_name(loss: &dyn Loss) -> String {
    let name = loss.name();
    if name == "loss" { "metric".to_owned() } else { name }
}

/// The statistics of the mean of a loss.
fn mean(loss: &dyn Loss, batch: &Batch<'_>) -> Result<Vec<f64>, Error> {
    let losses = losses(&metric_name(loss), batch, |t, p| loss.per_sample(t, p))?;
    Ok(losses.mean(batch.weights))
}

/// A loss of whichever type as a metric.
pub(super) fn boxed(loss: Box<dyn Loss>) -> Box<dyn Metric> {
    struct Boxed(Box<dyn Loss>);

    impl Metric for Boxed {
        fn direction(&self) -> Option<Direction> {
            self.0.direction()
        }

        fn name(&self) -> String {
            metric_name(self.0.as_ref())
        }

        fn statistics(&self, batch: &Batch<'_>) -> Result<Vec<f64>, Error> {
            mean(self.0.as_ref(), batch)
        }

        fn needs_target(&self) -> bool {
            self.0.needs_target()
        }

        fn check(&self, target: &Target<'_>) -> Result<(), Error> {
            self.0.check(target)
        }
    }

    Box::new(Boxed(loss))
}

macro_rules! totals {
    ($(
        $(#[$doc:meta])*
        $metric:ident, $name:literal, $share:expr, |$sums:ident| $result:expr;
    )*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
            pub struct $metric<L>(L);

            impl<L: Loss> $metric<L> {
                /// Of what this loss, function or closure gives.
                pub fn new(loss: L) -> $metric<L> {
                    $metric(loss)
                }
            }

            impl<L: Loss> Metric for $metric<L> {
                fn direction(&self) -> Option<Direction> {
                    Loss::direction(&self.0)
                }

                fn name(&self) -> String {
                    $name.to_owned()
                }

                fn statistics(&self, batch: &Batch<'_>) -> Result<Vec<f64>, Error> {
                    let losses = losses($name, batch, |t, p| self.0.per_sample(t, p))?;
                    Ok(losses.sums(batch.weights, $share))
                }

                fn result(&self, $sums: &[f64]) -> Vec<Float> {
                    vec![$result]
                }

                fn needs_target(&self) -> bool {
                    Loss::needs_target(&self.0)
                }

                fn check(&self, target: &Target<'_>) -> Result<(), Error> {
                    Loss::check(&self.0, target)
                }
            }
        )*
    };
}

totals! {
    /// The weighted mean of one number for each sample, which a function or closure gives, or a
    /// loss; [Keras's `Mean`](https://keras.io/api/metrics/reduction_metrics/).
    ///
    /// A loss given as a metric is its mean already; this one is called `mean`.
    ///
    /// ```
    /// use model_runtime::prelude::*;
    /// let level = Mean::new(per_sample(|_, y_pred| y_pred.mean_per_sample()));
    /// # fn takes(_: impl IntoMetric) {}
    /// # takes(level);
    /// ```
    Mean, "mean", |positions| 1.0 / positions as f64, |sums| Batch::mean_of(sums);
    /// The weighted sum of one number for each sample, or each position of each, which a function
    /// or closure gives, or a loss;
    /// [Keras's `Sum`](https://keras.io/api/metrics/reduction_metrics/).
    ///
    /// ```
    /// use model_runtime::prelude::*;
    /// let total = Sum::new(per_sample(|_, y_pred| y_pred.sum_per_sample()));
    /// # fn takes(_: impl IntoMetric) {}
    /// # takes(total);
    /// ```
    Sum, "sum", |_| 1.0, |sums| Float::of(sums.first().copied().unwrap_or(0.0));
}

/// The root of the mean of `(y_pred - y_true)²`;
/// [Keras's
/// `RootMeanSquaredError`](https://keras.io/api/metrics/regression_metrics/).
///
/// Targets and predictions have the same shape `(samples, …)`; a last axis of size 1 may be missing
/// in one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RootMeanSquaredError;

impl Metric for RootMeanSquaredError {
    fn direction(&self) -> Option<Direction> {
        Some(Direction::Down)
    }

    fn name(&self) -> String {
        "root_mean_squared_error".to_owned()
    }

    fn statistics(&self, batch: &Batch<'_>) -> Result<Vec<f64>, Error> {
        mean(&MeanSquaredError, batch)
    }

    fn result(&self, sums: &[f64]) -> Vec<Float> {
        let [sum, count] = *sums else { return vec![0.0] };
        vec![Float::of(ratio(sum, count).sqrt())]
    }

    fn check(&self, target: &Target<'_>) -> Result<(), Error> {
        target.has_output_shape("root_mean_squared_error")
    }
}

/// The mean of `Σ t · p / (|t| · |p|)` along an axis, the cosine of the angle between targets and
/// predictions; the loss of this name with the other sign.
/// [Keras's
/// `CosineSimilarity`](https://keras.io/api/metrics/regression_metrics/).
///
/// Targets and predictions have the same shape `(samples, …, size)`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CosineSimilarity {
    loss: loss::CosineSimilarity,
}

impl CosineSimilarity {
    /// Along the last axis.
    pub fn new() -> CosineSimilarity {
        CosineSimilarity::default()
    }

    /// The axis of the vectors; -1, the last, by default. As in Keras, 0 is that of the samples,
    /// which cannot be chosen.
    pub fn axis(self, axis: isize) -> CosineSimilarity {
        CosineSimilarity { loss: self.loss.axis(axis) }
    }
}

impl Metric for CosineSimilarity {
    fn direction(&self) -> Option<Direction> {
        Some(Direction::Up)
    }

    fn name(&self) -> String {
        Loss::name(&self.loss)
    }

    fn statistics(&self, batch: &Batch<'_>) -> Result<Vec<f64>, Error> {
        let losses = losses(&Metric::name(self), batch, |t, p| self.loss.cosine(t, p))?;
        Ok(losses.mean(batch.weights))
    }

    fn check(&self, target: &Target<'_>) -> Result<(), Error> {
        Loss::check(&self.loss, target)
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;
    use crate::metric::tests::measure;
    use crate::{MeanAbsoluteError, SparseCategoricalCrossentropy, per_sample};

    #[test]
    fn means_are_weighted() {
        let t = array![[1.0, 2.0], [0.0, 0.0]].into_dyn();
        let p = array![[2.0, 4.0], [-3.0, 1.0]].into_dyn();
        assert_eq!(measure(&MeanAbsoluteError, &t, &p, &[1.0, 1.0]), 1.75);
        assert_eq!(measure(&MeanSquaredError, &t, &p, &[1.0, 3.0]), (2.5 + 15.0) / 4.0);
        let root = measure(&RootMeanSquaredError, &t, &p, &[1.0, 3.0]);
        assert!((root * root - 17.5 / 4.0).abs() < 1e-5);
        assert_eq!(measure(boxed(Box::new(MeanSquaredError)).as_ref(), &t, &p, &[0.0, 0.0]), 0.0);
    }

    #[test]
    fn a_closure_is_a_metric() {
        let t = array![[1.0, 2.0], [0.0, 0.0]].into_dyn();
        let p = array![[2.0, 4.0], [-3.0, 1.0]].into_dyn();
        let largest = per_sample(|t: Var, p: Var| PerSample::new((p - t).max_axes(&[1], false)));
        assert_eq!(measure(&largest, &t, &p, &[1.0, 3.0]), (2.0 + 3.0) / 4.0);
        assert_eq!(measure(&Mean::new(largest), &t, &p, &[1.0, 3.0]), (2.0 + 3.0) / 4.0);
        assert_eq!(measure(&Sum::new(largest), &t, &p, &[1.0, 3.0]), 2.0 + 3.0);
    }

    #[test]
    fn cosines_have_the_sign_of_the_angle() {
        let t = array![[3.0, 4.0], [1.0, 0.0]].into_dyn();
        let p = array![[4.0, 3.0], [-2.0, 0.0]].into_dyn();
        let mean = measure(&CosineSimilarity::new(), &t, &p, &[1.0, 1.0]);
        assert!((mean.as_f64() - (0.96 - 1.0) / 2.0).abs() < 1e-6);
    }

    #[test]
    fn what_is_ignored_does_not_count() {
        let half = array![[[0.5, 0.5], [0.5, 0.5]], [[0.25, 0.75], [0.5, 0.5]]].into_dyn();
        let labels = array![[0.0, 9.0], [0.0, 1.0]].into_dyn();
        let loss = SparseCategoricalCrossentropy::new().ignore_class(9);
        let got = measure(&loss, &labels, &half, &[1.0, 1.0]).as_f64();
        let expected = (2.0 * 2.0_f64.ln() + 4.0_f64.ln()) / 3.0;
        assert!((got - expected).abs() < 1e-6, "{got}, not {expected}");
    }

    #[test]
    fn what_does_not_fit_is_an_error() {
        let t = array![[1.0, 2.0], [0.0, 0.0]].into_dyn();
        let batch = Batch { y_true: t.view(), y_pred: t.view(), weights: &[1.0, 1.0], mask: None };
        let text = |metric: &dyn Metric| metric.statistics(&batch).unwrap_err().to_string();
        let all = per_sample(|t, _| PerSample::new(t.mean()));
        assert!(text(&all).starts_with("`metric` is not one number for each sample"));
        let other = per_sample(|t: Var, _| PerSample::new(t.slice(ndarray::s![..1, 0])));
        assert!(text(&other).contains("there are 1 numbers for 2 samples"), "{}", text(&other));
        let stretched = per_sample(|t: Var, p| (t + p.mean_axes(&[1], true)).mean_per_sample());
        assert!(text(&stretched).starts_with("in a loss, values are never stretched"));
    }
}
