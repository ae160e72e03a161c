//! Cases of optimizers: the weights after each of some steps with given gradients.

use model_runtime::Optimizer;
use model_runtime::prelude::*;
use ndarray::Array1;
use serde_json::{Map, Value as Json};

use super::args::{Args, made};
use super::array::Array;
use super::probe::{Probe, Several};
use super::{Errors, arrays, map};

/// Runs a case of an optimizer.
pub fn run(name: &str, case: &Map<String, Json>) -> Result<Errors, String> {
    let weights = arrays(case, "weights")?;
    let (gradients, after) = (steps(case, "gradients")?, steps(case, "steps")?);
    if gradients.is_empty() || gradients.len() != after.len() {
        return Err("gradients and steps are not of the same steps".to_owned());
    }
    let shapes: Vec<Vec<usize>> = weights.iter().map(|weight| weight.shape.clone()).collect();
    let probe = Probe::new(Box::new(Several), &weights, &shapes)?;
    let handles = probe.inputs();
    let samples = shapes[0][0];
    // The gradient of the sum of the weights times numbers is these numbers.
    let loss = move |t: Var, y: Var| (t * y).sum_per_sample() * samples as Float;
    let losses = weights.iter().map(|_| per_sample(loss)).collect();
    let optimizer = optimizer(name, &Args::new(map(case, "args")))?;
    let mut trainer = probe.compile(optimizer, losses).map_err(|error| error.to_string())?;
    let rows = Array1::<Float>::zeros(samples);
    let mut worst: f64 = 0.0;
    for (step, (gradients, after)) in gradients.iter().zip(&after).enumerate() {
        let targets: Vec<_> = gradients.iter().map(Array::floats).collect();
        trainer
            .train_on_batch(&rows, targets.iter().collect::<Vec<_>>())
            .map_err(|error| error.to_string())?;
        for ((handle, shape), expected) in handles.iter().zip(after) {
            let got = handle.get();
            let got = got.to_shape(shape.as_slice()).map_err(|e| e.to_string())?.to_owned();
            worst = worst.max(expected.error(&format!("a weight after step {step}"), &got)?);
        }
    }
    Ok(Errors { forward: worst, gradient: None })
}

/// For each step, an array for each weight.
fn steps(case: &Map<String, Json>, name: &str) -> Result<Vec<Vec<Array>>, String> {
    let steps = case.get(name).and_then(Json::as_array).ok_or(format!("no {name}"))?;
    let of_step = |step: &Json| {
        let arrays = step.as_array().ok_or(format!("{name} has a step without a list"))?;
        arrays.iter().map(Array::from_json).collect()
    };
    steps.iter().map(of_step).collect()
}

/// The optimizer of this name.
fn optimizer(name: &str, args: &Args<'_>) -> Result<Box<dyn Optimizer>, String> {
    let optimizer: Box<dyn Optimizer> = match name {
        "SGD" => made!(args, SGD(learning_rate), momentum, nesterov),
        "Adam" => made!(args, Adam(learning_rate), beta_1, beta_2, epsilon),
        "AdamW" => made!(args, AdamW(learning_rate), beta_1, beta_2, epsilon, weight_decay),
        "RMSprop" => made!(args, RMSprop(learning_rate), rho, momentum, epsilon, centered),
        _ => return Err(format!("{name} has no arm in tests/src/parity/optimizer.rs")),
    };
    args.finish()?;
    Ok(optimizer)
}
