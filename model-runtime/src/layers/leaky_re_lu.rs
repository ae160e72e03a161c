use model_spec::ArgValue;
use model_spec::layers::leaky_re_lu::ENTRY;

use super::accepts;
use super::support::one_input;
use crate::float::Scalar;
use crate::ops::map::Map;
use crate::{Float, Var, tape};

/// `x` above 0, a slope times `x` below;
/// [Keras's `LeakyReLU`](https://keras.io/api/layers/activation_layers/leaky_relu/).
///
/// - Input: `(samples, …)`. Output: the same shape.
///
/// ```
/// use model_runtime::prelude::*;
/// let layer = LeakyReLU::new().negative_slope(0.5);
/// let y = tape::run(Mode::Inference, || {
///     layer.call(Var::from_array(&ndarray::array![[-1.0, 2.0]])).to_array()
/// })?;
/// assert_eq!(y, ndarray::array![[-0.5, 2.0]].into_dyn());
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct LeakyReLU {
    negative_slope: Float,
}

one_input!(LeakyReLU);

impl LeakyReLU {
    /// The layer with negative_slope = 0.3.
    pub fn new() -> LeakyReLU {
        LeakyReLU { negative_slope: 0.3 }
    }

    /// The slope below 0; 0.3 by default.
    pub fn negative_slope(mut self, negative_slope: Float) -> LeakyReLU {
        self.negative_slope = negative_slope;
        self
    }

    #[track_caller]
    fn run(&self, inputs: &[Var]) -> Var {
        let negative_slope = self.negative_slope.as_f64();
        match accepts(&ENTRY, &[ArgValue::Float(negative_slope)], inputs) {
            Ok(_) => tape::apply(Map::LeakyRelu(negative_slope), inputs),
            Err(poison) => poison,
        }
    }
}

impl Default for LeakyReLU {
    fn default() -> LeakyReLU {
        LeakyReLU::new()
    }
}
