use model_spec::layers::masking::ENTRY;
use model_spec::{ArgValue, Shape};

use super::accepts;
use super::support::one_input;
use crate::float::Scalar;
use crate::ops::binary::Binary;
use crate::ops::view::Reshape;
use crate::tensor::Tensor;
use crate::{Float, Var, tape};

/// The steps of a sequence whose features are all `mask_value` become 0, and are masked;
/// [Keras's `Masking`](https://keras.io/api/layers/core_layers/masking/).
///
/// - Input: `(samples, steps, …, features)`. Output: the same shape.
///
/// ```
/// use model_runtime::prelude::*;
/// let layer = Masking::new().mask_value(-1.0);
/// let y = tape::run(Mode::Inference, || {
///     layer.call(Var::from_array(&ndarray::array![[[1.0, -1.0], [-1.0, -1.0]]])).to_array()
/// })?;
/// assert_eq!(y, ndarray::array![[[1.0, -1.0], [0.0, 0.0]]].into_dyn());
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Masking {
    mask_value: Float,
}

one_input!(Masking);

impl Masking {
    /// The layer for sequences in which 0 stands for what is not there.
    pub fn new() -> Masking {
        Masking::default()
    }

    /// The number that stands for what is not there; 0 by default.
    pub fn mask_value(mut self, mask_value: Float) -> Masking {
        self.mask_value = mask_value;
        self
    }

    #[track_caller]
    fn run(&self, inputs: &[Var]) -> Var {
        let args = [ArgValue::Float(self.mask_value.as_f64())];
        if let Err(poison) = accepts(&ENTRY, &args, inputs) {
            return poison;
        }
        let x = inputs[0].tensor();
        let shape = *x.shape();
        let steps = x.data().chunks_exact(shape.last().max(1));
        let counts = |step: &[Float]| step.iter().any(|x| *x != self.mask_value);
        let mask = steps.map(|step| if counts(step) { 1.0 } else { 0.0 }).collect();
        let axes = &shape.dims()[..shape.rank() - 1];
        let mask = tape::constant(Tensor::of(Shape::new(axes), mask));
        let factor = tape::apply(Reshape(shape.with(shape.rank() - 1, 1)), &[mask]);
        tape::set_mask(tape::apply(Binary::Mul, &[inputs[0], factor]), mask)
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;
    use crate::Mode;

    #[test]
    fn what_is_masked_does_not_count() {
        let x = array![[[1.0, 0.0], [0.0, 0.0]], [[3.0, 3.0], [0.0, 5.0]]];
        tape::run(Mode::Training, || {
            let y = Masking::new().call(Var::from_array(&x));
            assert_eq!(y.to_array(), x.into_dyn());
            let mask = y.mask().map(Var::to_array);
            assert_eq!(mask, Some(array![[1.0, 0.0], [1.0, 1.0]].into_dyn()));
        })
        .unwrap();
    }
}
