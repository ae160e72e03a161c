use model_spec::ArgValue;
use model_spec::layers::global_average_pooling1d::ENTRY;

use super::accepts;
use super::support::one_input;
use crate::Var;
use crate::ops::reduce::Reduction;

/// The mean of each channel;
/// [Keras's
/// `GlobalAveragePooling1D`](https://keras.io/api/layers/pooling_layers/global_average_pooling1d/).
///
/// - Input: `(samples, steps, channels)`. Output: `(samples, channels)`, with `keepdims` `(samples,
///   1, channels)`.
///
/// ```
/// use model_runtime::prelude::*;
/// let layer = GlobalAveragePooling1D::new();
/// let y = tape::run(Mode::Inference, || {
///     layer.call(Var::from_array(&ndarray::array![[[1.0], [4.0], [2.0], [3.0]]])).to_array()
/// })?;
/// assert_eq!(y, ndarray::array![[2.5]].into_dyn());
/// # Ok::<(), Error>(())
/// ```
///
/// With the axis of the steps kept:
///
/// ```
/// use model_runtime::prelude::*;
/// use ndarray::array;
/// let layer = GlobalAveragePooling1D::new().keepdims(true);
/// let y = tape::run(Mode::Inference, || {
///     layer.call(Var::from_array(&array![[[1.0], [4.0], [2.0], [3.0]]])).to_array()
/// })?;
/// assert_eq!(y, array![[[2.5]]].into_dyn());
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct GlobalAveragePooling1D {
    keepdims: bool,
}

one_input!(GlobalAveragePooling1D);

impl GlobalAveragePooling1D {
    /// The layer with keepdims = false.
    pub fn new() -> GlobalAveragePooling1D {
        GlobalAveragePooling1D { keepdims: false }
    }

    /// Whether the other axes stay, with size 1; no by default.
    pub fn keepdims(mut self, keepdims: bool) -> GlobalAveragePooling1D {
        self.keepdims = keepdims;
        self
    }

    #[track_caller]
    fn run(&self, inputs: &[Var]) -> Var {
        if let Err(poison) = accepts(&ENTRY, &[ArgValue::Bool(self.keepdims)], inputs) {
            return poison;
        }
        let x = inputs[0];
        let Some(mask) = x.mask() else {
            let axes = std::array::from_fn(|axis| (1..=1).contains(&axis));
            return Reduction::Mean.call(x, axes, self.keepdims);
        };
        let counts = mask.expand_dims(-1);
        let sum = (x.drop_mask() * counts).sum_axes(&[1], self.keepdims);
        let count = counts.sum_axes(&[1], self.keepdims);
        sum / count.maximum(Var::scalar(1.0))
    }
}
