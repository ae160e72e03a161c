use model_spec::layers::up_sampling1d::ENTRY;

use super::support::one_input;
use super::windows::along;
use super::{accepts, samples, tuple};
use crate::ops::repeat::Repeat;
use crate::{Var, tape};

/// Every step several times;
/// [Keras's `UpSampling1D`](https://keras.io/api/layers/reshaping_layers/up_sampling1d/).
///
/// - Input: `(samples, steps, channels)`. Output: `(samples, steps · size, channels)`.
///
/// ```
/// use model_runtime::prelude::*;
/// let layer = UpSampling1D::new();
/// let y = tape::run(Mode::Inference, || {
///     layer.call(Var::from_array(&ndarray::array![[[1.0], [2.0]]])).to_array()
/// })?;
/// let expected = ndarray::array![[[1.0], [1.0], [2.0], [2.0]]];
/// assert_eq!(y, expected.into_dyn());
/// # Ok::<(), Error>(())
/// ```
///
/// Three times as long:
///
/// ```
/// use model_runtime::prelude::*;
/// use ndarray::array;
/// let layer = UpSampling1D::new().size(&[3]);
/// let y = tape::run(Mode::Inference, || {
///     layer.call(Var::from_array(&array![[[1.0], [2.0]]])).to_array()
/// })?;
/// assert_eq!(y, array![[[1.0], [1.0], [1.0], [2.0], [2.0], [2.0]]].into_dyn());
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct UpSampling1D {
    size: Vec<i64>,
}

one_input!(UpSampling1D);

impl UpSampling1D {
    /// The layer with size = 2.
    pub fn new() -> UpSampling1D {
        UpSampling1D { size: vec![2] }
    }

    /// How often; 2 by default.
    pub fn size(mut self, size: &[i64]) -> UpSampling1D {
        self.size = size.to_vec();
        self
    }

    #[track_caller]
    fn run(&self, inputs: &[Var]) -> Var {
        match accepts(&ENTRY, &[tuple(&self.size)], inputs) {
            Ok(values) => {
                let output = values.get(0).shape.with_first(samples(inputs[0]));
                tape::apply(Repeat { times: (1, along(&self.size, 0)), output }, inputs)
            }
            Err(poison) => poison,
        }
    }
}

impl Default for UpSampling1D {
    fn default() -> UpSampling1D {
        UpSampling1D::new()
    }
}
