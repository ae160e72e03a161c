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
///
/// Over a sequence in a model, with all that can be said of its weights. The numbers are those of
/// the formula; dropouts are there in training only.
///
/// ```
/// use model_runtime::prelude::*;
/// use ndarray::array;
/// let net = model! {
///     x = Input(2, 1);
///     RNN(SimpleRNNCell(1, activation = relu,
///         kernel_initializer = ones, kernel_regularizer = l1(0.1), kernel_constraint = non_neg,
///         recurrent_initializer = ones, recurrent_regularizer = l1(0.1),
///         recurrent_constraint = non_neg, bias_initializer = constant(1),
///         bias_regularizer = l1(0.1), bias_constraint = non_neg,
///         dropout = 0.2, recurrent_dropout = 0.2, seed = 7), return_sequences = true)(x)
/// };
/// let x = array![[[3.0], [1.0]]];
/// let y = net.predict(&x)?;
/// assert_eq!(y, array![[[4.0], [6.0]]].into_dyn());
/// let mut trainer = net.compile(SGD::new(100.0), "mse")?;
/// // 3 weights.
/// let loss = trainer.evaluate(&x, &y)?["loss"];
/// assert!((loss - 0.3).abs() < 1e-5);
/// // A step that goes far below 0, where no weight may be.
/// trainer.train_on_batch(&x, &(y * 0.0))?;
/// assert!(trainer.model().get_weights().iter().flatten().all(|&number| number == 0.0));
///
/// let net = model! { x = Input(3, 1); RNN(SimpleRNNCell(2, use_bias = false))(x) };
/// assert_eq!(net.count_params(), 2 + 4);
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
