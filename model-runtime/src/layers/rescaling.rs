use model_spec::ArgValue;
use model_spec::layers::rescaling::ENTRY;

use super::accepts;
use super::support::one_input;
use crate::float::Scalar;
use crate::{Float, Var};

/// `x · scale + offset`, as for pixels: `Rescaling(1.0 / 255.0)`;
/// [Keras's `Rescaling`].
///
/// - Input: `(samples, …)`. Output: the same shape.
///
/// [Keras's `Rescaling`]:
/// <https://keras.io/api/layers/preprocessing_layers/image_preprocessing/rescaling/>
///
/// ```
/// use model_runtime::prelude::*;
/// let layer = Rescaling::new(0.5).offset(-1.0);
/// let y = tape::run(Mode::Inference, || {
///     layer.call(Var::from_array(&ndarray::array![[0.0, 4.0]])).to_array()
/// })?;
/// assert_eq!(y, ndarray::array![[-1.0, 1.0]].into_dyn());
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Rescaling {
    scale: Float,
    offset: Float,
}

one_input!(Rescaling);

impl Rescaling {
    /// The layer that multiplies by this.
    pub fn new(scale: Float) -> Rescaling {
        Rescaling { scale, offset: 0.0 }
    }

    /// What is added after that; 0 by default.
    pub fn offset(mut self, offset: Float) -> Rescaling {
        self.offset = offset;
        self
    }

    #[track_caller]
    fn run(&self, inputs: &[Var]) -> Var {
        let args = [self.scale, self.offset].map(|number| ArgValue::Float(number.as_f64()));
        match accepts(&ENTRY, &args, inputs) {
            Ok(_) => inputs[0] * self.scale + self.offset,
            Err(poison) => poison,
        }
    }
}
