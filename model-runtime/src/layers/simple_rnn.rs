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
///
/// With all that can be said of weights and steps. The numbers are those of the formula, from the
/// last step to the first; dropouts are there in training only.
///
/// ```
/// use model_runtime::prelude::*;
/// use ndarray::array;
/// let net = model! {
///     x = Input(3, 1);
///     x = Masking()(x);
///     (y, _) = SimpleRNN(1, activation = relu,
///         kernel_initializer = ones, kernel_regularizer = l1(0.1), kernel_constraint = non_neg,
///         recurrent_initializer = ones, recurrent_regularizer = l1(0.1),
///         recurrent_constraint = non_neg, bias_initializer = constant(1),
///         bias_regularizer = l1(0.1), bias_constraint = non_neg,
///         activity_regularizer = l1(0.01), dropout = 0.2, recurrent_dropout = 0.2, seed = 7,
///         return_sequences = true, return_state = true, go_backwards = true,
///         zero_output_for_mask = true)(x);
///     y
/// };
/// let x = array![[[1.0], [0.0], [3.0]]];
/// let y = net.predict(&x)?;
/// assert_eq!(y, array![[[4.0], [0.0], [6.0]]].into_dyn());
/// let mut trainer = net.compile(SGD::new(100.0), "mse")?;
/// // 3 weights, and the outputs 4, 0 and 6.
/// let loss = trainer.evaluate(&x, &y)?["loss"];
/// assert!((loss - 0.4).abs() < 1e-5);
/// // A step that goes far below 0, where no weight may be.
/// trainer.train_on_batch(&x, &(y * 0.0))?;
/// assert!(trainer.model().get_weights().iter().flatten().all(|&number| number == 0.0));
///
/// let net = model! { x = Input(3, 1); SimpleRNN(2, use_bias = false)(x) };
/// assert_eq!(net.count_params(), 2 + 4);
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
