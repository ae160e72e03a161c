use model_spec::Padding;
use model_spec::layers::average_pooling1d::ENTRY;

use super::support::one_input;
use super::windows::{pools, word};
use super::{accepts, list, samples, tuple};
use crate::ops::pool::AveragePool;
use crate::{Var, tape};

/// The mean of each window, channel by channel;
/// [Keras's `AveragePooling1D`](https://keras.io/api/layers/pooling_layers/average_pooling1d/).
///
/// - Input: `(samples, steps, channels)`. Output: `(samples, steps', channels)`.
///
/// With `padding` valid there are `⌈(n - pool_size + 1) / strides⌉` windows along a size `n`, with
/// same `⌈n / strides⌉`. Zeros that are padded are not counted.
///
/// ```
/// use model_runtime::prelude::*;
/// let layer = AveragePooling1D::new(&[2]);
/// let y = tape::run(Mode::Inference, || {
///     layer.call(Var::from_array(&ndarray::array![[[1.0], [4.0], [2.0], [3.0]]])).to_array()
/// })?;
/// assert_eq!(y, ndarray::array![[[2.5], [2.5]]].into_dyn());
/// # Ok::<(), Error>(())
/// ```
///
/// A window at each step:
///
/// ```
/// use model_runtime::prelude::*;
/// use ndarray::array;
/// let layer = AveragePooling1D::new(&[2]).strides(&[1]).padding(Padding::Same);
/// let y = tape::run(Mode::Inference, || {
///     layer.call(Var::from_array(&array![[[1.0], [4.0], [2.0], [3.0]]])).to_array()
/// })?;
/// assert_eq!(y, array![[[2.5], [3.0], [2.5], [3.0]]].into_dyn());
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct AveragePooling1D {
    pool_size: Vec<i64>,
    strides: Vec<i64>,
    padding: Padding,
}

one_input!(AveragePooling1D);

impl AveragePooling1D {
    /// A layer with windows of this size.
    pub fn new(pool_size: &[i64]) -> AveragePooling1D {
        AveragePooling1D {
            pool_size: pool_size.to_vec(),
            strides: Vec::new(),
            padding: Padding::Valid,
        }
    }

    /// How far the windows move; as far as they are large by
    /// default.
    pub fn strides(mut self, strides: &[i64]) -> AveragePooling1D {
        self.strides = strides.to_vec();
        self
    }

    /// What is put around the input; nothing (`Padding::Valid`) by default.
    pub fn padding(mut self, padding: Padding) -> AveragePooling1D {
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
        tape::apply(AveragePool { slide, output }, inputs)
    }
}
