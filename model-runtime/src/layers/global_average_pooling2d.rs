use model_spec::ArgValue;
use model_spec::layers::global_average_pooling2d::ENTRY;

use super::accepts;
use super::support::one_input;
use crate::Var;
use crate::ops::reduce::Reduction;

/// The mean of each channel;
/// [Keras's
/// `GlobalAveragePooling2D`](https://keras.io/api/layers/pooling_layers/global_average_pooling2d/).
///
/// - Input: `(samples, height, width, channels)`. Output: `(samples, channels)`, with `keepdims`
///   `(samples, 1, 1, channels)`.
///
/// ```
/// use model_runtime::prelude::*;
/// let layer = GlobalAveragePooling2D::new();
/// let y = tape::run(Mode::Inference, || {
///     layer.call(Var::from_array(&ndarray::array![[[[1.0], [4.0]], [[2.0], [5.0]]]])).to_array()
/// })?;
/// assert_eq!(y, ndarray::array![[3.0]].into_dyn());
/// # Ok::<(), Error>(())
/// ```
///
/// With the axes of the image kept:
///
/// ```
/// use model_runtime::prelude::*;
/// use ndarray::array;
/// let layer = GlobalAveragePooling2D::new().keepdims(true);
/// let y = tape::run(Mode::Inference, || {
///     layer.call(Var::from_array(&array![[[[1.0], [4.0]], [[2.0], [3.0]]]])).to_array()
/// })?;
/// assert_eq!(y, array![[[[2.5]]]].into_dyn());
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct GlobalAveragePooling2D {
    keepdims: bool,
}

one_input!(GlobalAveragePooling2D);

impl GlobalAveragePooling2D {
    /// The layer with keepdims = false.
    pub fn new() -> GlobalAveragePooling2D {
        GlobalAveragePooling2D { keepdims: false }
    }

    /// Whether the other axes stay, with size 1; no by default.
    pub fn keepdims(mut self, keepdims: bool) -> GlobalAveragePooling2D {
        self.keepdims = keepdims;
        self
    }

    #[track_caller]
    fn run(&self, inputs: &[Var]) -> Var {
        if let Err(poison) = accepts(&ENTRY, &[ArgValue::Bool(self.keepdims)], inputs) {
            return poison;
        }
        let axes = std::array::from_fn(|axis| (1..=2).contains(&axis));
        Reduction::Mean.call(inputs[0], axes, self.keepdims)
    }
}
