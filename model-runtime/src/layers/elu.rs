use model_spec::ArgValue;
use model_spec::layers::elu::ENTRY;

use super::accepts;
use super::support::one_input;
use crate::float::Scalar;
use crate::ops::map::Map;
use crate::{Float, Var, tape};

/// `x` above 0, `alpha · (exp(x) - 1)` below (Clevert et al., 2016);
/// [Keras's `ELU`](https://keras.io/api/layers/activation_layers/elu/).
///
/// - Input: `(samples, …)`. Output: the same shape.
///
/// ```
/// use model_runtime::prelude::*;
/// let layer = ELU::new().alpha(0.5);
/// let y = tape::run(Mode::Inference, || {
///     layer.call(Var::from_array(&ndarray::array![[Float::NEG_INFINITY, 2.0]])).to_array()
/// })?;
/// assert_eq!(y, ndarray::array![[-0.5, 2.0]].into_dyn());
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct ELU {
    alpha: Float,
}

one_input!(ELU);

impl ELU {
    /// The layer with alpha = 1.0.
    pub fn new() -> ELU {
        ELU { alpha: 1.0 }
    }

    /// What is approached far below 0, with the other sign; 1.0 by default.
    pub fn alpha(mut self, alpha: Float) -> ELU {
        self.alpha = alpha;
        self
    }

    #[track_caller]
    fn run(&self, inputs: &[Var]) -> Var {
        let alpha = self.alpha.as_f64();
        match accepts(&ENTRY, &[ArgValue::Float(alpha)], inputs) {
            Ok(_) => tape::apply(Map::Elu(alpha, 1.0), inputs),
            Err(poison) => poison,
        }
    }
}

impl Default for ELU {
    fn default() -> ELU {
        ELU::new()
    }
}
