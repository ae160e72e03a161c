use model_spec::layers::simple_rnn_cell::ENTRY;

use super::recurrent::Settings;
use super::recurrent_macros::{recurrent_cell, recurrent_layer};
use crate::Parameter;
use crate::ops::simple_rnn::SimpleRnnStep;
use crate::share::share;

/// One step of a [`SimpleRNN`](crate::SimpleRNN): `h = φ(x · K + h · U + b)`, which is the output
/// (Elman, 1990);
/// [Keras's `SimpleRNNCell`](https://keras.io/api/layers/recurrent_layers/simple_rnn_cell/).
///
/// - Inputs: one step `(samples, n)`, and if it shall not start from zeros, the state h, each
///   `(samples, units)`.
/// - Outputs: the output, which is h, and the state h, each `(samples, units)`.
/// - Weights: `kernel` `(n, units)`, Glorot uniform by default; `recurrent_kernel`
///   `(units, units)`, orthogonal by default; `bias` `(units)`, zeros by default.
///
/// ```
/// use model_runtime::prelude::*;
/// let mut cell = SimpleRNNCell::new(3);
/// cell.init(Seed::new(0), &[Value::float(&[2])]);
/// let shape = tape::run(Mode::Inference, || {
///     let x = Var::from_array(&ndarray::Array2::zeros((1, 2)));
///     let [_, h] = cell.call(&[x]).array();
///     let [output, _] = cell.call(&[x, h]).array();
///     output.shape()
/// })?;
/// assert_eq!(shape, Shape::new(&[1, 3]));
/// # Ok::<(), Error>(())
/// ```
#[derive(Debug)]
pub struct SimpleRNNCell {
    /// `(n, units)`.
    pub kernel: Parameter,
    /// `(units, units)`.
    pub recurrent_kernel: Parameter,
    /// What is added; none with `use_bias(false)`.
    pub bias: Option<Parameter>,
    settings: Settings,
}

share!(SimpleRNNCell: kernel, recurrent_kernel, bias; settings);

recurrent_layer!(SimpleRNNCell, |_, activation, _| SimpleRnnStep { activation });
recurrent_cell!(SimpleRNNCell, model_spec::layers::simple_rnn::ENTRY, |_, activation, _| {
    SimpleRnnStep { activation }
});

impl SimpleRNNCell {
    /// A cell with this many units, without weights until
    /// [`Layer::init`](crate::Layer::init).
    pub fn new(units: usize) -> SimpleRNNCell {
        SimpleRNNCell {
            kernel: Parameter::unset(),
            recurrent_kernel: Parameter::unset(),
            bias: Some(Parameter::unset()),
            settings: Settings::new(units),
        }
    }
}
