//! Predictions: the forward pass alone.

use std::ops::Range;

use ndarray::ArrayD;

use super::step::outputs;
use crate::data::{Data, Rows};
use crate::kernels::lent::lend;
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
    let mut outputs: Vec<Rows> = model.graph().outputs.iter().map(|_| Rows::of(samples)).collect();
    for first in (0..samples).step_by(batch_size) {
        let batch = run(model, inputs, first..samples.min(first + batch_size))?;
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
    let samples = super::set::check_inputs(model.graph(), inputs)?;
    let outputs = run(model, inputs, 0..samples)?;
    Ok(outputs.iter().map(Tensor::to_array).collect())
}

/// Predicts all samples at once, into arrays that the caller has. An array of another shape gives
/// way to a new one.
pub(crate) fn predict_on_batch_into(
    model: &dyn Model,
    inputs: &[Data<'_>],
    outputs: &mut [&mut ArrayD<Float>],
) -> Result<(), Error> {
    let samples = super::set::check_inputs(model.graph(), inputs)?;
    let found = run(model, inputs, 0..samples)?;
    for (output, found) in outputs.iter_mut().zip(&found) {
        let same = output.shape() == found.shape().dims();
        match output.as_slice_mut().filter(|_| same) {
            Some(numbers) => numbers.copy_from_slice(found.data()),
            None => **output = found.to_array(),
        }
    }
    Ok(())
}

/// The outputs for some samples of inputs that have been checked, which are read where they stand.
pub(super) fn run(
    model: &dyn Model,
    inputs: &[Data<'_>],
    rows: Range<usize>,
) -> Result<Vec<Tensor>, Error> {
    let samples = rows.len();
    lend(inputs.iter().map(|data| data.part(&rows)), |lent| {
        tape::run(Mode::Inference, || {
            let inputs = inputs.iter().zip(lent);
            let inputs = inputs.map(|(data, lent)| Tensor::lent(data.shape_of(samples), lent));
            let inputs: Vec<Var> = inputs.map(tape::constant).collect();
            let outputs = outputs(model.call(&inputs), model.graph(), samples)?;
            Ok(outputs.iter().map(|output| output.tensor()).collect())
        })?
    })
}

#[cfg(test)]
mod tests {
    use ndarray::{Array4, ArrayD};

    use crate::prelude::*;

    model! {
        /// Its input is an output, under another shape a second one, and what a convolution waits
        /// with.
        struct Passes {
            image = Input(2, 4, 1);
            flat = Flatten()(image);
            pooled = MaxPooling2D(2)(Conv2D(3, 1, kernel_initializer = ones)(image));
            same = Lambda(|image: Var| image)(image);
            (image, flat, pooled, same)
        }
    }

    #[test]
    fn inputs_that_are_read_where_they_stand_may_leave_the_call() {
        let net = Passes::new(0);
        let x = Array4::from_shape_fn((5, 2, 4, 1), |(i, j, k, _)| (i * 8 + j * 4 + k) as Float);
        let expected = tape::run(Mode::Inference, || {
            let y = net.call(Var::from_array(&x));
            [y.image, y.flat, y.pooled, y.same].map(Var::to_array)
        });
        let expected = expected.expect("the input fits");
        assert_eq!(expected[0], x.clone().into_dyn());
        let all = |y: PassesOutputs<ArrayD<Float>>| [y.image, y.flat, y.pooled, y.same];
        assert_eq!(net.predict_on_batch(&x).map(all).as_ref(), Ok(&expected));
        assert_eq!(net.predict_with(&x, 2).map(all).as_ref(), Ok(&expected));
        assert_eq!(net.predict_on_batch(x.mapv(|x| x as u8)).map(all).as_ref(), Ok(&expected));
        let mut turned = Array4::zeros((1, 4, 2, 5)).reversed_axes();
        turned.assign(&x);
        assert_eq!(net.predict_on_batch(&turned).map(all).as_ref(), Ok(&expected));
    }
}
