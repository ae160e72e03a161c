use model_spec::layers::zero_padding2d::ENTRY;

use super::support::one_input;
use super::windows::pad;
use crate::Var;

/// Zeros around the image;
/// [Keras's `ZeroPadding2D`](https://keras.io/api/layers/reshaping_layers/zero_padding2d/).
///
/// - Input: `(samples, height, width, channels)`. Output: `(samples, height', width', channels)`.
///
/// ```
/// use model_runtime::prelude::*;
/// let layer = ZeroPadding2D::new().padding(&[0, 1, 1, 0]);
/// let y = tape::run(Mode::Inference, || {
///     layer.call(Var::from_array(&ndarray::array![[[[1.0], [2.0]]]])).to_array()
/// })?;
/// assert_eq!(y, ndarray::array![[[[0.0], [1.0], [2.0]], [[0.0], [0.0], [0.0]]]].into_dyn());
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct ZeroPadding2D {
    padding: Vec<i64>,
}

one_input!(ZeroPadding2D);

impl ZeroPadding2D {
    /// The layer with padding = 1.
    pub fn new() -> ZeroPadding2D {
        ZeroPadding2D { padding: vec![1] }
    }

    /// How many zeros: one number for all sides, `(height, width)`, or `(top, bottom, left,
    /// right)`; 1 by
    /// default.
    pub fn padding(mut self, padding: &[i64]) -> ZeroPadding2D {
        self.padding = padding.to_vec();
        self
    }

    #[track_caller]
    fn run(&self, inputs: &[Var]) -> Var {
        pad(&ENTRY, &self.padding, inputs)
    }
}

impl Default for ZeroPadding2D {
    fn default() -> ZeroPadding2D {
        ZeroPadding2D::new()
    }
}
