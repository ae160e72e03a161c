use model_spec::Padding;
use model_spec::layers::max_pooling2d::ENTRY;

use super::support::one_input;
use super::windows::{pools, word};
use super::{accepts, list, samples, tuple};
use crate::ops::pool::MaxPool;
use crate::{Var, tape};

/// The largest number of each window, channel by channel;
/// [Keras's `MaxPooling2D`](https://keras.io/api/layers/pooling_layers/max_pooling2d/).
///
/// - Input: `(samples, height, width, channels)`. Output: `(samples, height', width', channels)`.
///
/// With `padding` valid there are `⌈(n - pool_size + 1) / strides⌉` windows along a size `n`, with
/// same `⌈n / strides⌉`. Zeros that are padded are not looked at, and a NaN stays a NaN.
///
/// ```
/// use model_runtime::prelude::*;
/// let layer = MaxPooling2D::new();
/// let y = tape::run(Mode::Inference, || {
///     layer.call(Var::from_array(&ndarray::array![[[[1.0], [4.0]], [[2.0], [5.0]]]])).to_array()
/// })?;
/// assert_eq!(y, ndarray::array![[[[5.0]]]].into_dyn());
/// # Ok::<(), Error>(())
/// ```
///
/// A window at each pixel:
///
/// ```
/// use model_runtime::prelude::*;
/// use ndarray::array;
/// let layer = MaxPooling2D::new().pool_size(&[2]).strides(&[1]).padding(Padding::Same);
/// let y = tape::run(Mode::Inference, || {
///     layer.call(Var::from_array(&array![[[[1.0], [2.0]], [[3.0], [4.0]]]])).to_array()
/// })?;
/// assert_eq!(y, array![[[[4.0], [4.0]], [[4.0], [4.0]]]].into_dyn());
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct MaxPooling2D {
    pool_size: Vec<i64>,
    strides: Vec<i64>,
    padding: Padding,
}

one_input!(MaxPooling2D);

impl MaxPooling2D {
    /// A layer with windows of size 2.
    pub fn new() -> MaxPooling2D {
        MaxPooling2D { pool_size: vec![2], strides: Vec::new(), padding: Padding::Valid }
    }

    /// The size of the windows, one number for all axes or one for each; 2 by default.
    pub fn pool_size(mut self, pool_size: &[i64]) -> MaxPooling2D {
        self.pool_size = pool_size.to_vec();
        self
    }

    /// How far the windows move, one number for all axes or one for each; as far as they are large
    /// by default.
    pub fn strides(mut self, strides: &[i64]) -> MaxPooling2D {
        self.strides = strides.to_vec();
        self
    }

    /// What is put around the input; nothing (`Padding::Valid`) by default.
    pub fn padding(mut self, padding: Padding) -> MaxPooling2D {
        self.padding = padding;
        self
    }

    #[track_caller]
    fn run(&self, inputs: &[Var]) -> Var {
        let args = [tuple(&self.pool_size), list(&self.strides), word(self.padding)];
        let values = match accepts(&ENTRY, &args, inputs) {
            Ok(values) => values,
            Err(poison) => return poison,
        };
        let output = values.get(0).shape.with_first(samples(inputs[0]));
        let slide = pools(&self.pool_size, &self.strides, self.padding, &inputs[0].shape());
        tape::apply(MaxPool::new(slide, output), inputs)
    }
}

impl Default for MaxPooling2D {
    fn default() -> MaxPooling2D {
        MaxPooling2D::new()
    }
}
