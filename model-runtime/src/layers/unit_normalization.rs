use model_spec::layers::unit_normalization::ENTRY;

use super::support::{one_input, within_samples};
use super::{accepts, tuple};
use crate::ops::normalize::{Measure, Normalize};
use crate::{Var, tape};

/// `x / √Σx²`, the sum over the chosen axes of each sample: vectors of length 1;
/// [Keras's `UnitNormalization`].
///
/// A vector shorter than 10⁻¹² is multiplied by 10¹²; of zeros it stays zeros.
///
/// - Input: `(samples, …)`. Output: the same shape.
///
/// [Keras's `UnitNormalization`]:
/// <https://keras.io/api/layers/normalization_layers/unit_normalization/>
///
/// ```
/// use model_runtime::prelude::*;
/// let layer = UnitNormalization::new();
/// let y = tape::run(Mode::Inference, || {
///     layer.call(Var::from_array(&ndarray::array![[0.0, -5.0], [0.0, 0.0]])).to_array()
/// })?;
/// assert_eq!(y, ndarray::array![[0.0, -1.0], [0.0, 0.0]].into_dyn());
/// # Ok::<(), Error>(())
/// ```
///
/// Of more than one axis:
///
/// ```
/// use model_runtime::prelude::*;
/// use ndarray::array;
/// let layer = UnitNormalization::new().axis(&[1, 2]);
/// let y = tape::run(Mode::Inference, || {
///     layer.call(Var::from_array(&array![[[2.0, 2.0], [2.0, 2.0]]])).to_array()
/// })?;
/// assert_eq!(y, array![[[0.5, 0.5], [0.5, 0.5]]].into_dyn());
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct UnitNormalization {
    axis: Vec<i64>,
}

one_input!(UnitNormalization);

impl UnitNormalization {
    /// Along the last axis, until [`UnitNormalization::axis`] says otherwise.
    pub fn new() -> UnitNormalization {
        UnitNormalization { axis: vec![-1] }
    }

    /// The axes, each from 1 (the first after the samples); -1, the last, by default.
    pub fn axis(mut self, axis: &[i64]) -> UnitNormalization {
        self.axis = axis.to_vec();
        self
    }

    #[track_caller]
    fn run(&self, inputs: &[Var]) -> Var {
        if let Err(poison) = accepts(&ENTRY, &[tuple(&self.axis)], inputs) {
            return poison;
        }
        let layout = within_samples(&inputs[0].shape(), &self.axis);
        tape::apply(Normalize::new(layout, Measure::Length, 1e-12), inputs)
    }
}

impl Default for UnitNormalization {
    fn default() -> UnitNormalization {
        UnitNormalization::new()
    }
}
