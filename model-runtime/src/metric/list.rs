use super::{IntoMetric, Metric};
use crate::Error;

/// A list of [metrics](IntoMetric), such as `["accuracy"]`: an array, a `Vec`, or what else can be
/// gone through.
///
/// ```
/// use model_runtime::prelude::*;
/// use ndarray::array;
///
/// /// What these metrics say of a prediction that is 2 too large.
/// fn measured(metrics: impl IntoMetrics) -> Result<Logs, Error> {
///     let net = model! { x = Input(1); Identity()(x) };
///     let trainer = net.compile("sgd", "mse")?.with_metrics(metrics)?;
///     trainer.evaluate(&array![[3.0]], &array![[1.0]])
/// }
///
/// assert_eq!(measured(["mae", "mse"])?["mae"], 2.0);
/// let closures = vec![|t: Var, p: Var| (p - t).mean_per_sample()];
/// let named = closures.into_iter().map(|closure| closure.with_name("bias"));
/// assert_eq!(measured(named)?["bias"], 2.0);
/// # Ok::<(), Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a list of metrics, such as `[\"accuracy\"]`",
    label = "this takes a list",
    note = "a list holds names, metrics, losses or closures that return a `PerSample`, all of one \
            type",
    note = "for those of another type, call `with_metrics` once more, or give a \
            `Vec<Box<dyn Metric>>`"
)]
pub trait IntoMetrics {
    /// The metrics of an output whose loss has this name.
    ///
    /// # Errors
    /// [`Error::UnknownName`] for a name that no metric has.
    fn into_metrics(self, loss: &str) -> Result<Vec<Box<dyn Metric>>, Error>;
}

#[diagnostic::do_not_recommend]
impl<I: IntoIterator<Item: IntoMetric>> IntoMetrics for I {
    fn into_metrics(self, loss: &str) -> Result<Vec<Box<dyn Metric>>, Error> {
        self.into_iter().map(|metric| metric.into_metric(loss)).collect()
    }
}
