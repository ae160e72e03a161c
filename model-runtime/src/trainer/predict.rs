//! Predictions: the forward pass alone.

use ndarray::ArrayD;

use super::step::outputs;
use crate::data::{Data, Rows};
use crate::tensor::Tensor;
use crate::{Error, Float, Mode, Model, Var, tape};

/// Predicts in batches.
pub(crate) fn predict(
    model: &dyn Model,
    inputs: &[Data<'_>],
    batch_size: usize,
) -> Result<Vec<Rows>, Error> {
    super::check_batch_size(batch_size)?;
    let samples = super::set::check_inputs(model.graph(), inputs)?;
    let mut outputs: Vec<Rows> = model.graph().outputs.iter().map(|_| Rows::default()).collect();
    let rows: Vec<usize> = (0..samples).collect();
    for rows in rows.chunks(batch_size) {
        let batch = run(model, inputs.iter().map(|data| data.rows(rows)), rows.len())?;
        for (output, tensor) in outputs.iter_mut().zip(&batch) {
            output.push(tensor).map_err(|why| Error::Batches { why })?;
        }
    }
    Ok(outputs)
}

/// Predicts all samples at once.
pub(crate) fn predict_on_batch(
    model: &dyn Model,
    inputs: &[Data<'_>],
) -> Result<Vec<ArrayD<Float>>, Error> {
    let (samples, inputs) = super::set::take_inputs(model.graph(), inputs)?;
    let outputs = run(model, inputs.into_iter(), samples)?;
    Ok(outputs.iter().map(Tensor::to_array).collect())
}

/// Predicts all samples at once, into arrays that the caller has. An array of another shape gives
/// way to a new one.
pub(crate) fn predict_on_batch_into(
    model: &dyn Model,
    inputs: &[Data<'_>],
    outputs: &mut [&mut ArrayD<Float>],
) -> Result<(), Error> {
    let (samples, inputs) = super::set::take_inputs(model.graph(), inputs)?;
    let found = run(model, inputs.into_iter(), samples)?;
    for (output, found) in outputs.iter_mut().zip(&found) {
        let same = output.shape() == found.shape().dims();
        match output.as_slice_mut().filter(|_| same) {
            Some(numbers) => numbers.copy_from_slice(found.data()),
            None => **output = found.to_array(),
        }
    }
    Ok(())
}

/// The outputs for these inputs.
pub(super) fn run(
    model: &dyn Model,
    inputs: impl Iterator<Item = Tensor>,
    samples: usize,
) -> Result<Vec<Tensor>, Error> {
    tape::run(Mode::Inference, || {
        let inputs: Vec<Var> = inputs.map(tape::constant).collect();
        let outputs = outputs(model.call(&inputs), model.graph(), samples)?;
        Ok(outputs.into_iter().map(Var::tensor).collect())
    })?
}
