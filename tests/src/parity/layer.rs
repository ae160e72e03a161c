//! Cases of layers: outputs, penalties, and the gradients of inputs and weights.

use model_runtime::prelude::*;
use ndarray::{Array1, ArrayD};
use serde_json::{Map, Value as Json};

use super::args::Args;
use super::array::{Array, wide};
use super::probe::{Probe, Take};
use super::{Errors, arrays, functions, layers, map};

/// Runs a case of a layer.
pub fn run(name: &str, case: &Map<String, Json>) -> Result<Errors, String> {
    let (args, call) = (Args::new(map(case, "args")), Args::new(map(case, "call")));
    run_layer(layers::layer(name, &args, &call)?, case)
}

/// Runs a case of a function.
pub fn run_function(name: &str, case: &Map<String, Json>) -> Result<Errors, String> {
    run_layer(functions::layer(name, &Args::new(map(case, "args")))?, case)
}

fn run_layer(mut layer: Box<dyn Layer>, case: &Map<String, Json>) -> Result<Errors, String> {
    let inputs = arrays(case, "inputs")?;
    let outputs = arrays(case, "outputs")?;
    let values: Vec<Value> = inputs.iter().map(Array::value).collect();
    layer.init(Seed::new(0), &values);
    let shapes: Vec<Vec<usize>> = outputs.iter().map(|output| output.shape.clone()).collect();
    let probe = Probe::new(layer, &inputs, &shapes)?.masked(&masks(case)?);
    set_weights(&probe, map(case, "weights"))?;

    let training = case.get("training").is_some_and(|training| *training == Json::Bool(true));
    if !training && !probe.variables().is_empty() {
        // A step that finds gradients trains; what is frozen computes as in inference.
        probe.freeze();
    }
    let mode = if training { Mode::Training } else { Mode::Inference };
    let got = probe.outputs(mode)?;
    if got.len() != outputs.len() {
        return Err(format!("{} outputs, but Keras has {}", got.len(), outputs.len()));
    }
    let mut errors = Errors::default();
    for (got, expected) in got.iter().zip(&outputs) {
        errors.forward = errors.forward.max(expected.error("the output", got)?);
    }
    if case.contains_key("cotangents") {
        gradients(probe, case, &outputs, &mut errors)?;
    }
    Ok(errors)
}

/// Gives the layer the case's weights, which must be all that it has.
fn set_weights(probe: &Probe, values: &Map<String, Json>) -> Result<(), String> {
    let (weights, variables) = (probe.weights(), probe.variables());
    let paths = weights.iter().map(|(path, _)| path);
    let mut has: Vec<&str> =
        paths.chain(variables.iter().map(|(path, _)| path)).map(String::as_str).collect();
    let mut keras: Vec<&str> = values.keys().map(String::as_str).collect();
    has.sort_unstable();
    keras.sort_unstable();
    if has != keras {
        return Err(format!("the weights are {has:?}, but Keras's are {keras:?}"));
    }
    for (path, parameter) in &weights {
        let value = Array::from_json(&values[path])?;
        parameter.set(&value.floats()).map_err(|error| error.to_string())?;
    }
    for (path, variable) in &variables {
        let value = Array::from_json(&values[path])?;
        variable.set(&value.floats()).map_err(|error| error.to_string())?;
    }
    Ok(())
}

/// Trains once with the loss Σ output · cotangent and an optimizer that keeps the gradients.
fn gradients(
    probe: Probe,
    case: &Map<String, Json>,
    outputs: &[Array],
    errors: &mut Errors,
) -> Result<(), String> {
    let cotangents = arrays(case, "cotangents")?;
    let samples = cotangents.first().map_or(1, |cotangent| cotangent.shape[0]);
    let (inputs, weights, variables) = (probe.inputs(), probe.weights(), probe.variables());
    let before: Vec<ArrayD<Float>> = handles(&inputs, &weights).map(Parameter::get).collect();

    // The trainer takes the mean over the samples.
    let loss = move |t: Var, y: Var| (t * y).sum_per_sample() * samples as Float;
    let losses: Vec<_> = outputs.iter().map(|_| per_sample(loss)).collect();
    let mut trainer = probe.compile(Take::new(), losses).map_err(|error| error.to_string())?;
    let targets: Vec<ArrayD<Float>> = cotangents.iter().map(Array::floats).collect();
    let rows = Array1::<Float>::zeros(samples);
    let logs = trainer
        .train_on_batch(&rows, targets.iter().collect::<Vec<_>>())
        .map_err(|error| error.to_string())?;

    let mut total = case.get("penalty").and_then(Json::as_f64).unwrap_or(0.0);
    let mut scale = total.abs().max(1.0);
    for (output, cotangent) in outputs.iter().zip(&cotangents) {
        for (y, c) in output.values.iter().zip(&cotangent.values) {
            total += y * c;
            scale += (y * c).abs();
        }
    }
    errors.forward = errors.forward.max((wide(logs["loss"]) - total).abs() / scale);

    let after: Vec<ArrayD<Float>> = handles(&inputs, &weights)
        .zip(before)
        .map(|(parameter, before)| {
            let after = parameter.get();
            // Nothing came to it: the gradient is zero.
            if after == before { ArrayD::zeros(after.raw_dim()) } else { after }
        })
        .collect();
    let (of_inputs, of_weights) = after.split_at(inputs.len());
    let mut worst: f64 = 0.0;
    let expected = case.get("input_gradients").and_then(Json::as_array);
    let expected = expected.ok_or("the case has no input_gradients")?;
    for (i, ((got, (_, shape)), expected)) in
        of_inputs.iter().zip(&inputs).zip(expected).enumerate()
    {
        let Some(expected) = Array::optional(Some(expected))? else { continue };
        let got = got.to_shape(shape.as_slice()).map_err(|error| error.to_string())?.to_owned();
        worst = worst.max(expected.error(&format!("the gradient of input {i}"), &got)?);
    }
    let expected = map(case, "weight_gradients");
    for ((path, weight), got) in weights.iter().zip(of_weights) {
        if !weight.is_trainable() {
            continue;
        }
        let Some(expected) = Array::optional(expected.get(path))? else { continue };
        worst = worst.max(expected.error(&format!("the gradient of {path}"), got)?);
    }
    errors.gradient = Some(worst);
    let state = map(case, "state");
    for (path, variable) in &variables {
        let Some(expected) = Array::optional(state.get(path))? else { continue };
        let error = expected.error(&format!("{path} after a step"), &variable.get())?;
        errors.forward = errors.forward.max(error);
    }
    Ok(())
}

/// The masks of the inputs; none where there is no list.
fn masks(case: &Map<String, Json>) -> Result<Vec<Option<Array>>, String> {
    match case.get("masks").and_then(Json::as_array) {
        Some(masks) => masks.iter().map(|mask| Array::optional(Some(mask))).collect(),
        None => Ok(Vec::new()),
    }
}

fn handles<'a>(
    inputs: &'a [(Parameter, Vec<usize>)],
    weights: &'a [(String, Parameter)],
) -> impl Iterator<Item = &'a Parameter> {
    inputs.iter().map(|(input, _)| input).chain(weights.iter().map(|(_, weight)| weight))
}
