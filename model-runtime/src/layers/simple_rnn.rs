use model_spec::layers::simple_rnn::ENTRY;

use super::recurrent::Settings;
use super::recurrent_macros::{recurrent_layer, sequence_arguments};
use crate::Parameter;
use crate::ops::simple_rnn::SimpleRnnStep;
use crate::share::share;

/// A recurrent layer over a sequence: `h = φ(x · K + h · U + b)`, which is the output
/// (Elman, 1990);
/// [Keras's `SimpleRNN`](https://keras.io/api/layers/recurrent_layers/simple_rnn/).
///
/// - Inputs: `(samples, steps, n)`, and if it shall not start from zeros, the state h, each
///   `(samples, units)`: `SimpleRNN(8)(x, initial_state = h)`.
/// - Output: the last output `(samples, units)`, with `return_sequences` all of them
///   `(samples, steps, units)`; with `return_state`, the state h after the last step follows,
///   each `(samples, units)`.
/// - A masked step leaves the states as they are, and the output is the one before. With
///   `return_sequences` the mask stays.
/// - Weights: `kernel` `(n, units)`, Glorot uniform by default; `recurrent_kernel`
///   `(units, units)`, orthogonal by default; `bias` `(units)`, zeros by default.
///
/// ```
/// use model_runtime::prelude::*;
/// let mut layer = SimpleRNN::new(3).return_sequences(true);
/// layer.init(Seed::new(0), &[Value::float(&[5, 2])]);
/// let shape = tape::run(Mode::Inference, || {
///     let x = Var::from_array(&ndarray::Array3::zeros((1, 5, 2)));
///     layer.call(&[x]).one().shape()
/// })?;
/// assert_eq!(shape, Shape::new(&[1, 5, 3]));
/// # Ok::<(), Error>(())
/// ```
#[derive(Debug)]
pub struct SimpleRNN {
    /// `(n, units)`.
    pub kernel: Parameter,
    /// `(units, units)`.
    pub recurrent_kernel: Parameter,
    /// What is added; none with `use_bias(false)`.
    pub bias: Option<Parameter>,
    settings: Settings,
}

share!(SimpleRNN: kernel, recurrent_kernel, bias; settings);

sequence_arguments!(SimpleRNN);
recurrent_layer!(SimpleRNN, |_, activation, _| SimpleRnnStep { activation });

impl SimpleRNN {
    /// A layer with this many units, without weights until
    /// [`Layer::init`](crate::Layer::init).
    pub fn new(units: usize) -> SimpleRNN {
        SimpleRNN {
            kernel: Parameter::unset(),
            recurrent_kernel: Parameter::unset(),
            bias: Some(Parameter::unset()),
            settings: Settings::new(units),
        }
    }
}
