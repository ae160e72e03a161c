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
///     (y, _, _) = LSTM(1, activation = linear, recurrent_activation = relu,
///         unit_forget_bias = false,
///         kernel_initializer = ones, kernel_regularizer = l1(0.1), kernel_constraint = non_neg,
///         recurrent_initializer = ones, recurrent_regularizer = l1(0.1),
///         recurrent_constraint = non_neg, bias_initializer = constant(-1),
///         bias_regularizer = l1(0.1), bias_constraint = non_neg,
///         activity_regularizer = l1(0.01), dropout = 0.2, recurrent_dropout = 0.2, seed = 7,
///         return_sequences = true, return_state = true, go_backwards = true,
///         zero_output_for_mask = true)(x);
///     y
/// };
/// let x = array![[[1.0], [0.0], [2.0]]];
/// let y = net.predict(&x)?;
/// assert_eq!(y, array![[[1.0], [0.0], [2.0]]].into_dyn());
/// let mut trainer = net.compile(SGD::new(100.0), "mse")?;
/// // 3 · 4 weights, and the outputs 1, 0 and 2.
/// let loss = trainer.evaluate(&x, &y)?["loss"];
/// assert!((loss - 1.23).abs() < 1e-5);
/// // The bias was below 0, where no weight may be after a step.
/// trainer.train_on_batch(&x, &(y * 0.0))?;
/// assert!(trainer.model().get_weights().iter().flatten().all(|&number| number >= 0.0));
///
/// let net = model! { x = Input(3, 1); LSTM(2, use_bias = false)(x) };
/// assert_eq!(net.count_params(), 8 + 16);
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
