use model_spec::layers::lstm::ENTRY;

use super::recurrent::Settings;
use super::recurrent_macros::{gate_arguments, recurrent_layer, sequence_arguments};
use crate::Parameter;
use crate::ops::lstm::LstmStep;
use crate::share::share;

/// A long short-term memory over a sequence: `i, f, o = σ(x · K + h · U + b)` and
/// `g = φ(x · K + h · U + b)`, each with columns of its own in the order i, f, g, o;
/// then `c = f ⊙ c + i ⊙ g` and `h = o ⊙ φ(c)`, which is the output (Hochreiter and Schmidhuber,
/// 1997);
/// [Keras's `LSTM`](https://keras.io/api/layers/recurrent_layers/lstm/).
///
/// - Inputs: `(samples, steps, n)`, and if it shall not start from zeros, the states h and c, each
///   `(samples, units)`: `LSTM(8)(x, initial_state = [h, c])`.
/// - Output: the last output `(samples, units)`, with `return_sequences` all of them
///   `(samples, steps, units)`; with `return_state`, the states h and c after the last step follow,
///   each `(samples, units)`.
/// - A masked step leaves the states as they are, and the output is the one before. With
///   `return_sequences` the mask stays.
/// - Weights: `kernel` `(n, 4 · units)`, Glorot uniform by default; `recurrent_kernel`
///   `(units, 4 · units)`, orthogonal by default; `bias` `(4 · units)`, zeros
///   by default, but 1 for the forget gate.
///
/// ```
/// use model_runtime::prelude::*;
/// let mut layer = LSTM::new(3).return_sequences(true);
/// layer.init(Seed::new(0), &[Value::float(&[5, 2])]);
/// let shape = tape::run(Mode::Inference, || {
///     let x = Var::from_array(&ndarray::Array3::zeros((1, 5, 2)));
///     layer.call(&[x]).one().shape()
/// })?;
/// assert_eq!(shape, Shape::new(&[1, 5, 3]));
/// # Ok::<(), Error>(())
/// ```
#[derive(Debug)]
pub struct LSTM {
    /// `(n, 4 · units)`.
    pub kernel: Parameter,
    /// `(units, 4 · units)`.
    pub recurrent_kernel: Parameter,
    /// What is added; none with `use_bias(false)`.
    pub bias: Option<Parameter>,
    settings: Settings,
}

share!(LSTM: kernel, recurrent_kernel, bias; settings);

gate_arguments!(LSTM);
sequence_arguments!(LSTM);
recurrent_layer!(LSTM, |_, activation, recurrent_activation| LstmStep {
    activation,
    recurrent_activation,
});

impl LSTM {
    /// A layer with this many units, without weights until
    /// [`Layer::init`](crate::Layer::init).
    pub fn new(units: usize) -> LSTM {
        LSTM {
            kernel: Parameter::unset(),
            recurrent_kernel: Parameter::unset(),
            bias: Some(Parameter::unset()),
            settings: Settings { unit_forget_bias: true, ..Settings::new(units) },
        }
    }

    /// Whether the bias of the forget gate starts with 1; yes by default (Jozefowicz et al., 2015).
    pub fn unit_forget_bias(mut self, unit_forget_bias: bool) -> LSTM {
        self.settings.unit_forget_bias = unit_forget_bias;
        self
    }
}
