//! Gradients of inputs and weights along a random direction, against central differences.

use model_runtime::prelude::*;
use model_spec::Entry;
use ndarray::{Array1, ArrayD};

use super::draw::Draw;
use super::{Case, SAMPLES, array};
use crate::parity::array::{Array, wide};
use crate::parity::probe::{Probe, Take};

/// How far the two may be apart, relative to what was added up.
const TOLERANCE: f64 = 1e-6;

/// Compares the gradients of a case, if numbers are precise enough for differences. Returns how
/// many were compared.
///
/// # Errors
/// That they differ.
pub(super) fn check(entry: &Entry, case: &Case, draw: &mut Draw) -> Result<usize, String> {
    if !cfg!(feature = "f64") {
        return Ok(0);
    }
    let arrays: Vec<ArrayD<Float>> = case.inputs.iter().map(|value| array(value, draw)).collect();
    let of = |(value, array): (&Value, &ArrayD<Float>)| Array {
        shape: array.shape().to_vec(),
        values: array.iter().map(|x| wide(*x)).collect(),
        index: value.kind == Kind::Index,
    };
    let inputs: Vec<Array> = case.inputs.iter().zip(&arrays).map(of).collect();
    let mut layer = case.layer(entry)?;
    layer.init(Seed::new(3), &case.inputs);
    let shapes = shapes(case, entry)?;
    let probe = Probe::new(layer, &inputs, &shapes)?;
    let handles: Vec<Parameter> = probe.parameters().into_iter().map(|(_, p)| p).collect();
    let state: Vec<Variable> = probe.variables().into_iter().map(|(_, v)| v).collect();
    // Weights that start from 0 would leave numbers at kinks, where all inputs are dropped.
    let drawn = |(i, handle): (usize, &Parameter)| match handle.get() {
        value if i < inputs.len() => value,
        value => value.map(|_| draw.number() / 2.0),
    };
    let start: Vec<ArrayD<Float>> = handles.iter().enumerate().map(drawn).collect();
    // Indices stay where they are.
    let stays = |handle: usize| inputs.get(handle).is_some_and(|input| input.index);
    let direction: Vec<ArrayD<Float>> = start
        .iter()
        .enumerate()
        .map(|(i, value)| value.map(|_| if stays(i) { 0.0 } else { draw.number() }))
        .collect();
    let cotangents: Vec<ArrayD<Float>> = shapes
        .iter()
        .map(|shape| ArrayD::from_shape_simple_fn(shape.as_slice(), || draw.number()))
        .collect();

    let mut probe = Some(probe);
    // The loss after a step from `start + offset · direction`, which leaves gradients as weights.
    // `None` where numbers explode, as in a recurrence with exponentials.
    let mut step = |offset: f64| -> Result<Option<f64>, String> {
        for ((handle, start), direction) in handles.iter().zip(&start).zip(&direction) {
            let moved = start + &(direction * offset as Float);
            handle.set(&moved).map_err(|error| error.to_string())?;
        }
        let loss = |t: Var, y: Var| (t * y).sum_per_sample() * SAMPLES as Float;
        let losses: Vec<_> = cotangents.iter().map(|_| per_sample(loss)).collect();
        let model = probe.take().ok_or("the step before has failed")?;
        let mut trainer = model.compile(Take::new(), losses).map_err(|error| error.to_string())?;
        let rows = Array1::<Float>::zeros(SAMPLES);
        let logs = trainer.train_on_batch(&rows, cotangents.iter().collect::<Vec<_>>());
        probe = Some(trainer.into_model());
        match logs {
            Ok(logs) => Ok(Some(wide(logs["loss"]))),
            Err(Error::LossNotFinite { .. }) => Ok(None),
            Err(error) => Err(error.to_string()),
        }
    };
    let told = |error: String| format!("{}: {error}", case.told(entry));
    // What a step leaves behind may count in the next one: a derivative is one for a fixed state.
    let fixed = settle(&state, || step(0.0)).map_err(told)?;
    let mut step = |offset: f64| {
        for (variable, value) in state.iter().zip(&fixed) {
            variable.set(value).map_err(|error| error.to_string())?;
        }
        step(offset).map_err(told)
    };
    let mut found = None;
    for epsilon in [1e-5, 1e-6] {
        let (after, before) = (step(epsilon)?, step(-epsilon)?);
        let (Some(after), Some(before), Some(_)) = (after, before, step(0.0)?) else {
            return Ok(0);
        };
        let difference = (after - before) / (2.0 * epsilon);
        let (mut slope, mut scale) = (0.0, 1e-2);
        for ((handle, start), direction) in handles.iter().zip(&start).zip(&direction) {
            let gradient = handle.get();
            // Nothing came to it: the gradient is zero.
            if gradient == *start {
                continue;
            }
            for (g, d) in gradient.iter().zip(direction) {
                slope += wide(*g) * wide(*d);
                scale += (wide(*g) * wide(*d)).abs();
            }
        }
        if (slope - difference).abs() <= TOLERANCE * scale {
            return Ok(1);
        }
        // A kink may lie within the wider step.
        found = Some((slope, difference));
    }
    Err(told(format!("by backward and by differences: {found:?}")))
}

/// The state after as many equal steps as it takes until they leave it as it is, where the loss
/// depends on it: a power iteration has then found the vectors that it treats as constant.
fn settle(
    state: &[Variable],
    mut step: impl FnMut() -> Result<Option<f64>, String>,
) -> Result<Vec<ArrayD<Float>>, String> {
    let now = || -> Vec<ArrayD<Float>> { state.iter().map(Variable::get).collect() };
    let mut before = now();
    if state.is_empty() || step()? == step()? {
        return Ok(before);
    }
    for _ in 0..5000 {
        step()?;
        let after = now();
        let numbers = before.iter().flatten().zip(after.iter().flatten());
        if numbers.into_iter().all(|(a, b)| wide(*a - *b).abs() < 1e-12) {
            return Ok(after);
        }
        before = after;
    }
    Err("the state of the layer does not settle".to_owned())
}

/// The shapes that come out, sample axis first.
fn shapes(case: &Case, entry: &Entry) -> Result<Vec<Vec<usize>>, String> {
    let values = case.expected(entry).map_err(|error| error.to_string())?;
    let shape = |value: &Value| value.shape.with_first(SAMPLES).dims().to_vec();
    Ok(values.as_slice().iter().map(shape).collect())
}
