//! Cases of losses: of each sample, in total, and the gradient of the total.

use std::slice::from_ref;

use model_runtime::loss::CosineSimilarity;
use model_runtime::prelude::*;
use ndarray::{Array1, ArrayD};
use serde_json::{Map, Value as Json};

use super::args::{Args, made};
use super::array::{Array, wide};
use super::probe::{Probe, Take};
use super::{Errors, map};

/// Runs a case of a loss.
pub fn run(name: &str, case: &Map<String, Json>) -> Result<Errors, String> {
    let array = |name: &str| Array::optional(case.get(name))?.ok_or(format!("no {name}"));
    let (y_true, y_pred) = (array("y_true")?, array("y_pred")?);
    let args = Args::new(map(case, "args"));
    let each = each_sample(find(name, &args)?.as_ref(), &y_true, &y_pred)?;
    let forward = array("values")?.error("the loss of each sample", &each)?;
    let mut errors = Errors { forward, gradient: None };

    let sample_weight = Array::optional(case.get("sample_weight"))?.map(|w| w.floats());
    let probe = Probe::new(Box::new(Identity::new()), from_ref(&y_pred), from_ref(&y_pred.shape))?;
    let (given, shape) = probe.inputs().swap_remove(0);
    let before = given.get();
    let mut trainer =
        probe.compile(Take::new(), vec![find(name, &args)?]).map_err(|error| error.to_string())?;
    let samples = y_pred.shape[0];
    let rows = Array1::<Float>::zeros(samples);
    let targets = y_true.floats();
    let mut options = Fit::epochs(1).batch_size(samples).shuffle(false).verbose(0);
    if let Some(weight) = &sample_weight {
        options = options.sample_weight(weight);
    }
    let history = trainer.fit(&rows, vec![&targets], options).map_err(|error| error.to_string())?;
    let total = case.get("total").and_then(Json::as_f64).ok_or("no total")?;
    let total = Array { shape: vec![1], values: vec![total], index: false };
    let got = Array1::from_vec(history.get("loss").to_vec()).into_dyn();
    errors.forward = errors.forward.max(total.error("the total", &got)?);

    let gradient = given.get();
    let gradient = if gradient == before { ArrayD::zeros(before.raw_dim()) } else { gradient };
    let gradient = gradient.to_shape(shape.as_slice()).map_err(|e| e.to_string())?.to_owned();
    errors.gradient = Some(array("gradient")?.error("the gradient", &gradient)?);
    Ok(errors)
}

/// One number for each sample; of several positions, the mean.
fn each_sample(loss: &dyn Loss, y_true: &Array, y_pred: &Array) -> Result<ArrayD<Float>, String> {
    let (y_true, y_pred) = (y_true.floats(), y_pred.floats());
    tape::run(Mode::Inference, || {
        let loss = loss.per_sample(Var::from_array(&y_true), Var::from_array(&y_pred));
        loss.var().mean_per_sample().var().to_array()
    })
    .map_err(|error| error.to_string())
}

/// The loss of this name.
fn find(name: &str, args: &Args<'_>) -> Result<Box<dyn Loss>, String> {
    let loss: Box<dyn Loss> = match name {
        "BinaryCrossentropy" => made!(args, BinaryCrossentropy(), from_logits, label_smoothing),
        "CategoricalCrossentropy" => {
            made!(args, CategoricalCrossentropy(), from_logits, label_smoothing)
        }
        "SparseCategoricalCrossentropy" => {
            made!(args, SparseCategoricalCrossentropy(), from_logits, ignore_class)
        }
        "BinaryFocalCrossentropy" => made!(
            args,
            BinaryFocalCrossentropy(),
            apply_class_balancing,
            alpha,
            gamma,
            from_logits,
            label_smoothing
        ),
        "CategoricalFocalCrossentropy" => {
            made!(args, CategoricalFocalCrossentropy(), alpha, gamma, from_logits, label_smoothing)
        }
        "Huber" => made!(args, Huber(), delta),
        "CosineSimilarity" => made!(args, CosineSimilarity(), axis),
        "Dice" => made!(args, Dice(), axis),
        // The others have no arguments, and the name is enough.
        _ => name
            .into_loss()
            .map_err(|error| error.to_string())?
            .ok_or_else(|| format!("{name} has no arm in tests/src/parity/loss.rs"))?,
    };
    let reduction = args.optional("reduction")?;
    args.finish()?;
    let Some(reduction) = reduction else { return Ok(loss) };
    let reduced = loss.with_reduction(reduction).into_loss().map_err(|error| error.to_string())?;
    reduced.ok_or_else(|| "no loss".to_owned())
}

/// How far a number of the logs is from Keras's.
pub fn logged(logs: &Logs, name: &str, expected: f64) -> Result<f64, String> {
    let got = logs.get(name).ok_or_else(|| format!("the logs have no {name}"))?;
    Ok((wide(got) - expected).abs() / expected.abs().max(1.0))
}
