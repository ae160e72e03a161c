//! Cases of metrics: over all samples, batch by batch.

use model_runtime::prelude::*;
use serde_json::{Map, Value as Json};

use super::args::{Args, made};
use super::array::Array;
use super::loss::logged;
use super::probe::{Probe, Take};
use super::{Errors, map};

/// Runs a case of a metric.
pub fn run(name: &str, case: &Map<String, Json>) -> Result<Errors, String> {
    let array = |name: &str| Array::optional(case.get(name))?.ok_or(format!("no {name}"));
    let (y_true, y_pred) = (array("y_true")?.floats(), array("y_pred")?);
    let expected = case.get("value").and_then(Json::as_f64).ok_or("no value")?;
    let batch_size = case.get("batch_size").and_then(Json::as_u64).ok_or("no batch_size")?;
    let metric = metric(name, &Args::new(map(case, "args")))?;
    let logs_name = metric.name();

    let probe = Probe::through(&y_pred)?;
    let trainer = probe.compile(Take::new(), vec![NoLoss]).map_err(|error| error.to_string())?;
    let sample_weight = Array::optional(case.get("sample_weight"))?.map(|w| w.floats());
    let mut options = Evaluate::default().batch_size(batch_size as usize);
    let trainer = match &sample_weight {
        Some(weight) => {
            options = options.sample_weight(weight);
            trainer.with_weighted_metrics(vec![[metric]])
        }
        None => trainer.with_metrics(vec![[metric]]),
    };
    let logs = trainer
        .and_then(|trainer| trainer.evaluate_with(&y_pred.floats(), vec![&y_true], options))
        .map_err(|error| error.to_string())?;
    Ok(Errors { forward: logged(&logs, &logs_name, expected)?, gradient: None })
}

/// The metric of this name.
fn metric(name: &str, args: &Args<'_>) -> Result<Box<dyn Metric>, String> {
    let metric: Box<dyn Metric> = match name {
        "BinaryAccuracy" => made!(args, BinaryAccuracy(), threshold),
        "TopKCategoricalAccuracy" => made!(args, TopKCategoricalAccuracy(), k),
        "SparseTopKCategoricalAccuracy" => made!(args, SparseTopKCategoricalAccuracy(), k),
        "Precision" => made!(args, Precision(), thresholds, top_k, class_id),
        "Recall" => made!(args, Recall(), thresholds, top_k, class_id),
        "TruePositives" => made!(args, TruePositives(), thresholds),
        "TrueNegatives" => made!(args, TrueNegatives(), thresholds),
        "FalsePositives" => made!(args, FalsePositives(), thresholds),
        "FalseNegatives" => made!(args, FalseNegatives(), thresholds),
        "AUC" => made!(
            args,
            AUC(),
            num_thresholds,
            thresholds,
            curve,
            summation_method,
            multi_label,
            label_weights,
            from_logits
        ),
        "F1Score" => made!(args, F1Score(), average, threshold),
        "R2Score" => made!(args, R2Score(), class_aggregation, num_regressors),
        "MeanIoU" => made!(args, MeanIoU(num_classes), ignore_class, sparse_y_true, sparse_y_pred),
        "BinaryIoU" => made!(args, BinaryIoU(), target_class_ids, threshold),
        // The others have no arguments, and the name is enough.
        _ => name.into_metric("").map_err(|error| error.to_string())?,
    };
    args.finish()?;
    Ok(metric)
}
