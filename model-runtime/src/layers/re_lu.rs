use model_spec::ArgValue;
use model_spec::layers::re_lu::ENTRY;

use super::accepts;
use super::support::one_input;
use crate::float::Scalar;
use crate::ops::map::Map;
use crate::{Float, Var, tape};

/// What is above a threshold, at most `max_value`; the rest, less the threshold, times a slope;
/// [Keras's `ReLU`](https://keras.io/api/layers/activation_layers/relu/).
///
/// - Input: `(samples, …)`. Output: the same shape.
///
/// ```
/// use model_runtime::prelude::*;
/// let layer = ReLU::new().max_value(6.0);
/// let y = tape::run(Mode::Inference, || {
///     layer.call(Var::from_array(&ndarray::array![[-1.0, 2.0, 9.0]])).to_array()
/// })?;
/// assert_eq!(y, ndarray::array![[0.0, 2.0, 6.0]].into_dyn());
/// # Ok::<(), Error>(())
/// ```
///
/// With a threshold, and a slope below it:
///
/// ```
/// use model_runtime::prelude::*;
/// use ndarray::array;
/// let layer = ReLU::new().threshold(1.0).negative_slope(0.5);
/// let y = tape::run(Mode::Inference, || {
///     layer.call(Var::from_array(&array![[-1.0, 0.5, 1.5]])).to_array()
/// })?;
/// assert_eq!(y, array![[-1.0, -0.25, 1.5]].into_dyn());
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct ReLU {
    max_value: Option<Float>,
    negative_slope: Float,
    threshold: Float,
}

one_input!(ReLU);

impl ReLU {
    /// `max(x, 0)`, until arguments say otherwise.
    pub fn new() -> ReLU {
        ReLU::default()
    }

    /// The largest value that comes out; no limit by default.
    pub fn max_value(mut self, max_value: Float) -> ReLU {
        self.max_value = Some(max_value);
        self
    }

    /// The slope below the threshold; 0 by default.
    pub fn negative_slope(mut self, negative_slope: Float) -> ReLU {
        self.negative_slope = negative_slope;
        self
    }

    /// Below this, the slope applies; 0 by default.
    pub fn threshold(mut self, threshold: Float) -> ReLU {
        self.threshold = threshold;
        self
    }

    #[track_caller]
    fn run(&self, inputs: &[Var]) -> Var {
        let [slope, threshold] = [self.negative_slope.as_f64(), self.threshold.as_f64()];
        let most = self.max_value.map(Scalar::as_f64);
        let args = [
            most.map_or(ArgValue::Unset, ArgValue::Float),
            ArgValue::Float(slope),
            ArgValue::Float(threshold),
        ];
        if let Err(poison) = accepts(&ENTRY, &args, inputs) {
            return poison;
        }
        let map = match most {
            None if slope == 0.0 && threshold == 0.0 => Map::Relu,
            _ => Map::ReluWith(slope, threshold, most.unwrap_or(f64::INFINITY)),
        };
        tape::apply(map, inputs)
    }
}
