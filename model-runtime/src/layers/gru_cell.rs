use model_spec::layers::gru_cell::ENTRY;

use super::recurrent::Settings;
use super::recurrent_macros::{gate_arguments, recurrent_cell, recurrent_layer};
use crate::Parameter;
use crate::ops::gru::GruStep;
use crate::share::share;

/// One step of a [`GRU`](crate::GRU): `z, r = σ(x · K + h · U + b)`,
/// `g = φ(x · K + b + r ⊙ (h · U + b))`, each with columns of its own in the order z, r, g;
/// then `h = z ⊙ h + (1 - z) ⊙ g`, which is the output (Cho et al., 2014);
/// [Keras's `GRUCell`](https://keras.io/api/layers/recurrent_layers/gru_cell/).
///
/// - Inputs: one step `(samples, n)`, and if it shall not start from zeros, the state h, each
///   `(samples, units)`.
/// - Outputs: the output, which is h, and the state h, each `(samples, units)`.
/// - Weights: `kernel` `(n, 3 · units)`, Glorot uniform by default; `recurrent_kernel`
///   `(units, 3 · units)`, orthogonal by default; `bias` `(2, 3 · units)`,
///   one for each product, or `(3 · units)` without `reset_after`, zeros by default.
///
/// ```
/// use model_runtime::prelude::*;
/// let mut cell = GRUCell::new(3);
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
///     RNN(GRUCell(1, activation = linear, recurrent_activation = linear,
///         reset_after = false,
///         kernel_initializer = ones, kernel_regularizer = l1(0.1), kernel_constraint = non_neg,
///         recurrent_initializer = zeros, recurrent_regularizer = l1(0.1),
///         recurrent_constraint = non_neg, bias_initializer = constant(-0.5),
///         bias_regularizer = l1(0.1), bias_constraint = non_neg,
///         dropout = 0.2, recurrent_dropout = 0.2, seed = 7), return_sequences = true)(x)
/// };
/// let x = array![[[1.0], [1.0]]];
/// let y = net.predict(&x)?;
/// assert_eq!(y, array![[[0.25], [0.375]]].into_dyn());
/// let mut trainer = net.compile(SGD::new(100.0), "mse")?;
/// // 3 weights of 1 and 3 of ½.
/// let loss = trainer.evaluate(&x, &y)?["loss"];
/// assert!((loss - 0.45).abs() < 1e-5);
/// // The bias was below 0, where no weight may be after a step.
/// trainer.train_on_batch(&x, &(y * 0.0))?;
/// assert!(trainer.model().get_weights().iter().flatten().all(|&number| number >= 0.0));
///
/// let net = model! { x = Input(3, 1); RNN(GRUCell(2, use_bias = false))(x) };
/// assert_eq!(net.count_params(), 6 + 12);
/// # Ok::<(), Error>(())
/// ```
#[derive(Debug)]
pub struct GRUCell {
    /// `(n, 3 · units)`.
    pub kernel: Parameter,
    /// `(units, 3 · units)`.
    pub recurrent_kernel: Parameter,
    /// What is added; none with `use_bias(false)`.
    pub bias: Option<Parameter>,
    settings: Settings,
}

share!(GRUCell: kernel, recurrent_kernel, bias; settings);

gate_arguments!(GRUCell);
recurrent_layer!(GRUCell, |layer, activation, recurrent_activation| GruStep {
    activation,
    recurrent_activation,
    reset_after: layer.settings.reset_after,
});
recurrent_cell!(
    GRUCell,
    model_spec::layers::gru::ENTRY,
    |layer, activation, recurrent_activation| GruStep {
        activation,
        recurrent_activation,
        reset_after: layer.settings.reset_after,
    }
);

impl GRUCell {
    /// A cell with this many units, without weights until
    /// [`Layer::init`](crate::Layer::init).
    pub fn new(units: usize) -> GRUCell {
        GRUCell {
            kernel: Parameter::unset(),
            recurrent_kernel: Parameter::unset(),
            bias: Some(Parameter::unset()),
            settings: Settings::new(units),
        }
    }

    /// Whether the reset gate acts after the product with the recurrent kernel, as it does by
    /// default, or before it: `g = φ(x · K + (r ⊙ h) · U + b)`, with one bias.
    pub fn reset_after(mut self, reset_after: bool) -> GRUCell {
        self.settings.reset_after = reset_after;
        self
    }
}
