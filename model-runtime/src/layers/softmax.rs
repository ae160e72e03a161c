use model_spec::ArgValue;
use model_spec::layers::softmax::ENTRY;

use super::accepts;
use super::support::one_input;
use crate::Var;
use crate::var::softmax;

/// `exp(x) / Σ exp(x)` along an axis: positive numbers whose sum is 1;
/// [Keras's `Softmax`](https://keras.io/api/layers/activation_layers/softmax/).
///
/// - Input: `(samples, …)`. Output: the same shape.
///
/// ```
/// use model_runtime::prelude::*;
/// let layer = Softmax::new();
/// let y = tape::run(Mode::Inference, || {
///     layer.call(Var::from_array(&ndarray::array![[0.0, 0.0]])).to_array()
/// })?;
/// assert_eq!(y, ndarray::array![[0.5, 0.5]].into_dyn());
/// # Ok::<(), Error>(())
/// ```
///
/// Along another axis than the last:
///
/// ```
/// use model_runtime::prelude::*;
/// use ndarray::array;
/// let layer = Softmax::new().axis(1);
/// let y = tape::run(Mode::Inference, || {
///     layer.call(Var::from_array(&array![[[7.0, 0.0, 0.0], [7.0, 0.0, 0.0]]])).to_array()
/// })?;
/// assert_eq!(y, array![[[0.5, 0.5, 0.5], [0.5, 0.5, 0.5]]].into_dyn());
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Softmax {
    axis: i64,
}

one_input!(Softmax);

impl Softmax {
    /// Along the last axis, until [`Softmax::axis`] says otherwise.
    pub fn new() -> Softmax {
        Softmax { axis: -1 }
    }

    /// The axis, from 1 (the first after the samples); -1, the last, by default.
    pub fn axis(mut self, axis: i64) -> Softmax {
        self.axis = axis;
        self
    }

    #[track_caller]
    fn run(&self, inputs: &[Var]) -> Var {
        match accepts(&ENTRY, &[ArgValue::Int(self.axis)], inputs) {
            Ok(_) => softmax(inputs[0], "Softmax", self.axis as isize, false),
            Err(poison) => poison,
        }
    }
}

impl Default for Softmax {
    fn default() -> Softmax {
        Softmax::new()
    }
}
