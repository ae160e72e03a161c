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
