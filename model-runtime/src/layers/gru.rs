use model_spec::layers::gru::ENTRY;

use super::recurrent::Settings;
use super::recurrent_macros::{gate_arguments, recurrent_layer, sequence_arguments};
use crate::Parameter;
use crate::ops::gru::GruStep;
use crate::share::share;

/// Gated recurrent units over a sequence: `z, r = σ(x · K + h · U + b)`,
/// `g = φ(x · K + b + r ⊙ (h · U + b))`, each with columns of its own in the order z, r, g;
/// then `h = z ⊙ h + (1 - z) ⊙ g`, which is the output (Cho et al., 2014);
/// [Keras's `GRU`](https://keras.io/api/layers/recurrent_layers/gru/).
///
/// - Inputs: `(samples, steps, n)`, and if it shall not start from zeros, the state h, each
///   `(samples, units)`: `GRU(8)(x, initial_state = h)`.
/// - Output: the last output `(samples, units)`, with `return_sequences` all of them
///   `(samples, steps, units)`; with `return_state`, the state h after the last step follows,
///   each `(samples, units)`.
/// - A masked step leaves the states as they are, and the output is the one before. With
///   `return_sequences` the mask stays.
/// - Weights: `kernel` `(n, 3 · units)`, Glorot uniform by default; `recurrent_kernel`
///   `(units, 3 · units)`, orthogonal by default; `bias` `(2, 3 · units)`,
///   one for each product, or `(3 · units)` without `reset_after`, zeros by default.
///
/// ```
/// use model_runtime::prelude::*;
/// let mut layer = GRU::new(3).return_sequences(true);
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
///     (y, _) = GRU(1, activation = linear, recurrent_activation = linear, reset_after = false,
///         kernel_initializer = ones, kernel_regularizer = l1(0.1), kernel_constraint = non_neg,
///         recurrent_initializer = zeros, recurrent_regularizer = l1(0.1),
///         recurrent_constraint = non_neg, bias_initializer = constant(-0.5),
///         bias_regularizer = l1(0.1), bias_constraint = non_neg,
///         activity_regularizer = l1(0.01), dropout = 0.2, recurrent_dropout = 0.2, seed = 7,
///         return_sequences = true, return_state = true, go_backwards = true,
///         zero_output_for_mask = true)(x);
///     y
/// };
/// let x = array![[[1.0], [0.0], [1.0]]];
/// let y = net.predict(&x)?;
/// assert_eq!(y, array![[[0.25], [0.0], [0.375]]].into_dyn());
/// let mut trainer = net.compile(SGD::new(100.0), "mse")?;
/// // 3 weights of 1 and 3 of ½, and the outputs ¼, 0 and ⅜.
/// let loss = trainer.evaluate(&x, &y)?["loss"];
/// assert!((loss - 0.45625).abs() < 1e-5);
/// // The bias was below 0, where no weight may be after a step.
/// trainer.train_on_batch(&x, &(y * 0.0))?;
/// assert!(trainer.model().get_weights().iter().flatten().all(|&number| number >= 0.0));
///
/// let net = model! { x = Input(3, 1); GRU(2, use_bias = false)(x) };
/// assert_eq!(net.count_params(), 6 + 12);
/// # Ok::<(), Error>(())
/// ```
#[derive(Debug)]
pub struct GRU {
    /// `(n, 3 · units)`.
    pub kernel: Parameter,
    /// `(units, 3 · units)`.
    pub recurrent_kernel: Parameter,
    /// What is added; none with `use_bias(false)`.
    pub bias: Option<Parameter>,
    settings: Settings,
}

share!(GRU: kernel, recurrent_kernel, bias; settings);

gate_arguments!(GRU);
sequence_arguments!(GRU);
recurrent_layer!(GRU, |layer, activation, recurrent_activation| GruStep {
    activation,
    recurrent_activation,
    reset_after: layer.settings.reset_after,
});

impl GRU {
    /// A layer with this many units, without weights until
    /// [`Layer::init`](crate::Layer::init).
    pub fn new(units: usize) -> GRU {
        GRU {
            kernel: Parameter::unset(),
            recurrent_kernel: Parameter::unset(),
            bias: Some(Parameter::unset()),
            settings: Settings::new(units),
        }
    }

    /// Whether the reset gate acts after the product with the recurrent kernel, as it does by
    /// default, or before it: `g = φ(x · K + (r ⊙ h) · U + b)`, with one bias.
    pub fn reset_after(mut self, reset_after: bool) -> GRU {
        self.settings.reset_after = reset_after;
        self
    }
}
