use model_spec::layers::cropping1d::ENTRY;

use super::support::one_input;
use super::windows::crop;
use crate::Var;

/// The sequence without its edges;
/// [Keras's `Cropping1D`](https://keras.io/api/layers/reshaping_layers/cropping1d/).
///
/// - Input: `(samples, steps, channels)`. Output: `(samples, steps', channels)`.
///
/// ```
/// use model_runtime::prelude::*;
/// let layer = Cropping1D::new().cropping(&[1, 0]);
/// let y = tape::run(Mode::Inference, || {
///     layer.call(Var::from_array(&ndarray::array![[[1.0], [2.0]]])).to_array()
/// })?;
/// assert_eq!(y, ndarray::array![[[2.0]]].into_dyn());
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Cropping1D {
    cropping: Vec<i64>,
}

one_input!(Cropping1D);

impl Cropping1D {
    /// The layer with cropping = 1.
    pub fn new() -> Cropping1D {
        Cropping1D { cropping: vec![1] }
    }

    /// How many are cut off: one number for both ends, or `(start, end)`; 1 by
    /// default.
    pub fn cropping(mut self, cropping: &[i64]) -> Cropping1D {
        self.cropping = cropping.to_vec();
        self
    }

    #[track_caller]
    fn run(&self, inputs: &[Var]) -> Var {
        crop(&ENTRY, &self.cropping, inputs)
    }
}

impl Default for Cropping1D {
    fn default() -> Cropping1D {
        Cropping1D::new()
    }
}
