use model_spec::layers::lstm_cell::ENTRY;

use super::recurrent::Settings;
use super::recurrent_macros::{gate_arguments, recurrent_cell, recurrent_layer};
use crate::Parameter;
use crate::ops::lstm::LstmStep;
use crate::share::share;

/// One step of an [`LSTM`](crate::LSTM): `i, f, o = σ(x · K + h · U + b)` and
/// `g = φ(x · K + h · U + b)`, each with columns of its own in the order i, f, g, o;
/// then `c = f ⊙ c + i ⊙ g` and `h = o ⊙ φ(c)`, which is the output (Hochreiter and Schmidhuber,
/// 1997);
/// [Keras's `LSTMCell`](https://keras.io/api/layers/recurrent_layers/lstm_cell/).
///
/// - Inputs: one step `(samples, n)`, and if it shall not start from zeros, the states h and c,
///   each `(samples, units)`.
/// - Outputs: the output, which is h, and the states h and c, each `(samples, units)`.
/// - Weights: `kernel` `(n, 4 · units)`, Glorot uniform by default; `recurrent_kernel`
///   `(units, 4 · units)`, orthogonal by default; `bias` `(4 · units)`, zeros
///   by default, but 1 for the forget gate.
///
/// ```
/// use model_runtime::prelude::*;
/// let mut cell = LSTMCell::new(3);
/// cell.init(Seed::new(0), &[Value::float(&[2])]);
/// let shape = tape::run(Mode::Inference, || {
///     let x = Var::from_array(&ndarray::Array2::zeros((1, 2)));
///     let [_, h, c] = cell.call(&[x]).array();
///     let [output, _, _] = cell.call(&[x, h, c]).array();
///     output.shape()
/// })?;
/// assert_eq!(shape, Shape::new(&[1, 3]));
/// # Ok::<(), Error>(())
/// ```
#[derive(Debug)]
pub struct LSTMCell {
    /// `(n, 4 · units)`.
    pub kernel: Parameter,
    /// `(units, 4 · units)`.
    pub recurrent_kernel: Parameter,
    /// What is added; none with `use_bias(false)`.
    pub bias: Option<Parameter>,
    settings: Settings,
}

share!(LSTMCell: kernel, recurrent_kernel, bias; settings);

gate_arguments!(LSTMCell);
recurrent_layer!(LSTMCell, |_, activation, recurrent_activation| LstmStep {
    activation,
    recurrent_activation,
});
recurrent_cell!(
    LSTMCell,
    model_spec::layers::lstm::ENTRY,
    |_, activation, recurrent_activation| LstmStep { activation, recurrent_activation }
);

impl LSTMCell {
    /// A cell with this many units, without weights until
    /// [`Layer::init`](crate::Layer::init).
    pub fn new(units: usize) -> LSTMCell {
        LSTMCell {
            kernel: Parameter::unset(),
            recurrent_kernel: Parameter::unset(),
            bias: Some(Parameter::unset()),
            settings: Settings { unit_forget_bias: true, ..Settings::new(units) },
        }
    }

    /// Whether the bias of the forget gate starts with 1; yes by default (Jozefowicz et al., 2015).
    pub fn unit_forget_bias(mut self, unit_forget_bias: bool) -> LSTMCell {
        self.settings.unit_forget_bias = unit_forget_bias;
        self
    }
}
