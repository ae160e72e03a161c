use model_spec::layers::cropping2d::ENTRY;

use super::support::one_input;
use super::windows::crop;
use crate::Var;

/// The image without its edges;
/// [Keras's `Cropping2D`](https://keras.io/api/layers/reshaping_layers/cropping2d/).
///
/// - Input: `(samples, height, width, channels)`. Output: `(samples, height', width', channels)`.
///
/// ```
/// use model_runtime::prelude::*;
/// let layer = Cropping2D::new().cropping(&[0, 1, 1, 0]);
/// let y = tape::run(Mode::Inference, || {
///     layer.call(Var::from_array(&ndarray::array![[[[1.0], [2.0]], [[3.0], [4.0]]]])).to_array()
/// })?;
/// assert_eq!(y, ndarray::array![[[[2.0]]]].into_dyn());
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Cropping2D {
    cropping: Vec<i64>,
}

one_input!(Cropping2D);

impl Cropping2D {
    /// The layer with cropping = 0.
    pub fn new() -> Cropping2D {
        Cropping2D { cropping: vec![0] }
    }

    /// How many are cut off: one number for all sides, `(height, width)`, or `(top, bottom, left,
    /// right)`; 0 by
    /// default.
    pub fn cropping(mut self, cropping: &[i64]) -> Cropping2D {
        self.cropping = cropping.to_vec();
        self
    }

    #[track_caller]
    fn run(&self, inputs: &[Var]) -> Var {
        crop(&ENTRY, &self.cropping, inputs)
    }
}

impl Default for Cropping2D {
    fn default() -> Cropping2D {
        Cropping2D::new()
    }
}
