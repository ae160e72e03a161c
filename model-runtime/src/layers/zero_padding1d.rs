use model_spec::layers::zero_padding1d::ENTRY;

use super::support::one_input;
use super::windows::pad;
use crate::Var;

/// Zeros around the sequence;
/// [Keras's `ZeroPadding1D`](https://keras.io/api/layers/reshaping_layers/zero_padding1d/).
///
/// - Input: `(samples, steps, channels)`. Output: `(samples, steps', channels)`.
///
/// ```
/// use model_runtime::prelude::*;
/// let layer = ZeroPadding1D::new().padding(&[1, 2]);
/// let y = tape::run(Mode::Inference, || {
///     layer.call(Var::from_array(&ndarray::array![[[1.0], [2.0]]])).to_array()
/// })?;
/// assert_eq!(y, ndarray::array![[[0.0], [1.0], [2.0], [0.0], [0.0]]].into_dyn());
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct ZeroPadding1D {
    padding: Vec<i64>,
}

one_input!(ZeroPadding1D);

impl ZeroPadding1D {
    /// The layer with padding = 1.
    pub fn new() -> ZeroPadding1D {
        ZeroPadding1D { padding: vec![1] }
    }

    /// How many zeros: one number for both ends, or `(start, end)`; 1 by
    /// default.
    pub fn padding(mut self, padding: &[i64]) -> ZeroPadding1D {
        self.padding = padding.to_vec();
        self
    }

    #[track_caller]
    fn run(&self, inputs: &[Var]) -> Var {
        pad(&ENTRY, &self.padding, inputs)
    }
}

impl Default for ZeroPadding1D {
    fn default() -> ZeroPadding1D {
        ZeroPadding1D::new()
    }
}
