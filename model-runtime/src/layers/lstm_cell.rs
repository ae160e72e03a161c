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
///
/// Over a sequence in a model, with all that can be said of its weights. The numbers are those of
/// the formula; dropouts are there in training only.
///
/// ```
/// use model_runtime::prelude::*;
/// use ndarray::array;
/// let net = model! {
///     x = Input(2, 1);
///     RNN(LSTMCell(1, activation = linear, recurrent_activation = relu,
///         unit_forget_bias = false,
///         kernel_initializer = ones, kernel_regularizer = l1(0.1), kernel_constraint = non_neg,
///         recurrent_initializer = ones, recurrent_regularizer = l1(0.1),
///         recurrent_constraint = non_neg, bias_initializer = constant(-1),
///         bias_regularizer = l1(0.1), bias_constraint = non_neg,
///         dropout = 0.2, recurrent_dropout = 0.2, seed = 7), return_sequences = true)(x)
/// };
/// let x = array![[[2.0], [1.0]]];
/// let y = net.predict(&x)?;
/// assert_eq!(y, array![[[1.0], [2.0]]].into_dyn());
/// let mut trainer = net.compile(SGD::new(100.0), "mse")?;
/// // 3 · 4 weights.
/// let loss = trainer.evaluate(&x, &y)?["loss"];
/// assert!((loss - 1.2).abs() < 1e-5);
/// // The bias was below 0, where no weight may be after a step.
/// trainer.train_on_batch(&x, &(y * 0.0))?;
/// assert!(trainer.model().get_weights().iter().flatten().all(|&number| number >= 0.0));
///
/// let net = model! { x = Input(3, 1); RNN(LSTMCell(2, use_bias = false))(x) };
/// assert_eq!(net.count_params(), 8 + 16);
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
