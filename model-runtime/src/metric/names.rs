use super::*;
use crate::{loss, names};

type Make = fn() -> Box<dyn Metric>;

/// Keras's names of each metric that is not only a loss: its class and the same as a word. Where a
/// loss has the same name, the metric goes first.
const NAMES: [(&[&str], Make); 19] = [
    (&["BinaryAccuracy", "binary_accuracy"], || Box::new(BinaryAccuracy::new())),
    (&["CategoricalAccuracy", "categorical_accuracy"], || Box::new(CategoricalAccuracy)),
    (&["SparseCategoricalAccuracy", "sparse_categorical_accuracy"], || {
        Box::new(SparseCategoricalAccuracy)
    }),
    (&["TopKCategoricalAccuracy", "top_k_categorical_accuracy"], || {
        Box::new(TopKCategoricalAccuracy::new())
    }),
    (&["SparseTopKCategoricalAccuracy", "sparse_top_k_categorical_accuracy"], || {
        Box::new(SparseTopKCategoricalAccuracy::new())
    }),
    (&["RootMeanSquaredError", "root_mean_squared_error"], || Box::new(RootMeanSquaredError)),
    (&["LogCoshError", "log_cosh_error"], || Box::new(crate::LogCosh)),
    (&["CosineSimilarity", "cosine_similarity"], || Box::new(CosineSimilarity::new())),
    (&["R2Score", "r2_score"], || Box::new(R2Score::new())),
    (&["AUC", "auc"], || Box::new(AUC::new())),
    (&["Precision", "precision"], || Box::new(Precision::new())),
    (&["Recall", "recall"], || Box::new(Recall::new())),
    (&["TruePositives", "true_positives"], || Box::new(TruePositives::new())),
    (&["TrueNegatives", "true_negatives"], || Box::new(TrueNegatives::new())),
    (&["FalsePositives", "false_positives"], || Box::new(FalsePositives::new())),
    (&["FalseNegatives", "false_negatives"], || Box::new(FalseNegatives::new())),
    (&["F1Score", "f1_score"], || Box::new(F1Score::new())),
    (&["FBetaScore", "f_beta_score"], || Box::new(FBetaScore::new())),
    (&["BinaryIoU", "binary_io_u"], || Box::new(BinaryIoU::new())),
];

const ACCURACY: [&str; 5] = ["accuracy", "acc", "Accuracy", "ACC", "Acc"];

/// The names that are suggested: not those of classes, which stand for the same.
fn suggested() -> impl Iterator<Item = &'static str> {
    let is_word = |name: &&str| !name.contains(char::is_uppercase);
    let names = NAMES.iter().flat_map(|(names, _)| names.iter().copied());
    ACCURACY.into_iter().chain(names).filter(is_word).chain(loss::names::suggested())
}

impl IntoMetric for &str {
    fn into_metric(self, loss: &str) -> Result<Box<dyn Metric>, Error> {
        let known = NAMES.iter().find(|(names, _)| names.contains(&self));
        let metric = match known {
            Some((_, make)) => make(),
            None if ACCURACY.contains(&self) => Box::new(Accuracy::new(loss)),
            None => match loss::names::find(self) {
                Some(loss) => of_loss::boxed(loss),
                None => return Err(names::unknown("metric", self, suggested())),
            },
        };
        Ok(Box::new(Renamed { name: self.to_owned(), metric }))
    }
}

/// A metric under another name: what [`IntoMetric::with_name`] returns.
#[derive(Clone, Debug)]
pub struct Named<M> {
    metric: M,
    name: String,
}

impl<M> Named<M> {
    pub(super) fn new(metric: M, name: &str) -> Named<M> {
        Named { metric, name: name.to_owned() }
    }
}

impl<M: IntoMetric> IntoMetric for Named<M> {
    fn into_metric(self, loss: &str) -> Result<Box<dyn Metric>, Error> {
        let metric = self.metric.into_metric(loss)?;
        Ok(Box::new(Renamed { name: self.name, metric }))
    }
}

/// A metric under the name that it was asked for by, as in Keras.
struct Renamed {
    name: String,
    metric: Box<dyn Metric>,
}

impl Metric for Renamed {
    fn direction(&self) -> Option<Direction> {
        self.metric.direction()
    }

    fn name(&self) -> String {
        self.name.clone()
    }

    fn statistics(&self, batch: &Batch<'_>) -> Result<Vec<f64>, Error> {
        self.metric.statistics(batch)
    }

    fn result(&self, sums: &[f64]) -> Vec<Float> {
        self.metric.result(sums)
    }

    fn needs_target(&self) -> bool {
        self.metric.needs_target()
    }

    fn check(&self, target: &Target<'_>) -> Result<(), Error> {
        self.metric.check(target)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_a_metric_of_that_name() {
        let all = NAMES.iter().flat_map(|(names, _)| names.iter().copied());
        for name in all.chain(ACCURACY).chain(suggested()) {
            assert_eq!(name.into_metric("loss").unwrap().name(), name);
        }
        // In logs, Keras has other names than these for two of them.
        for (names, make) in NAMES {
            let other = ["LogCoshError", "FBetaScore"].contains(&names[0]);
            assert!(names.contains(&make().name().as_str()) || other, "{names:?}");
        }
        for (wrong, meant) in [("acuracy", "accuracy"), ("presicion", "precision"), ("msee", "mse")]
        {
            let error = wrong.into_metric("loss").map(|_| ()).unwrap_err();
            assert!(error.to_string().contains(&format!("did you mean `{meant}`?")), "{error}");
        }
    }

    #[test]
    fn anything_can_bear_another_name() {
        let closure = crate::per_sample(|t, p| (t - p).mean_per_sample());
        assert_eq!(closure.into_metric("loss").unwrap().name(), "metric");
        assert_eq!(closure.with_name("bias").into_metric("loss").unwrap().name(), "bias");
        assert_eq!("mse".with_name("error").into_metric("loss").unwrap().name(), "error");
        assert!("msee".with_name("error").into_metric("loss").is_err());
    }
}
