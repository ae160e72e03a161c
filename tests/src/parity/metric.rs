//! Cases of metrics: over all samples, batch by batch.

use model_runtime::prelude::*;
use serde_json::{Map, Value as Json};

use super::args::Args;
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
    let trainer = probe.compile(Take, vec![NoLoss]).map_err(|error| error.to_string())?;
    let mut options = Evaluate::default().batch_size(batch_size as usize);
    let sample_weight = Array::optional(case.get("sample_weight"))?.map(|w| w.floats());
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
        "MeanSquaredError" => Box::new(MeanSquaredError),
        "MeanAbsoluteError" => Box::new(MeanAbsoluteError),
        "BinaryAccuracy" => {
            super::args::made!(args, BinaryAccuracy(), threshold)
        }
        "CategoricalAccuracy" => Box::new(CategoricalAccuracy),
        "SparseCategoricalAccuracy" => Box::new(SparseCategoricalAccuracy),
        _ => return Err(format!("{name} has no arm in tests/src/parity/metric.rs")),
    };
    args.finish()?;
    Ok(metric)
}
