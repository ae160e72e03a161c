use std::fmt;
use std::sync::Arc;

use crate::Var;
use crate::ops::map::Map;
use crate::tape;

/// What a layer applies to its output; see the [Keras page](https://keras.io/api/layers/activations/).
#[derive(Clone)]
#[non_exhaustive]
pub enum Activation {
    /// The value as it is.
    Linear,
    /// max(x, 0).
    Relu,
    /// 1 / (1 + exp(-x)).
    Sigmoid,
    /// The hyperbolic tangent.
    Tanh,
    /// A function of your own; made by [`Activation::custom`].
    Custom(Custom),
}

/// A function of your own as an [`Activation`].
#[derive(Clone)]
pub struct Custom(Arc<dyn Fn(Var) -> Var + Send + Sync>);

impl Activation {
    /// A function of your own.
    pub fn custom(function: impl Fn(Var) -> Var + Send + Sync + 'static) -> Activation {
        Activation::Custom(Custom(Arc::new(function)))
    }

    /// The value after the activation.
    #[track_caller]
    pub fn call(&self, x: Var) -> Var {
        match self {
            Activation::Custom(custom) => custom.0(x),
            Activation::Linear => x,
            other => match other.map() {
                Some(map) => tape::apply(map, &[x]),
                None => x,
            },
        }
    }

    /// The function, where it works on each element alone.
    pub(crate) fn map(&self) -> Option<Map> {
        Some(match self {
            Activation::Linear => Map::Linear,
            Activation::Relu => Map::Relu,
            Activation::Sigmoid => Map::Sigmoid,
            Activation::Tanh => Map::Tanh,
            Activation::Custom(_) => return None,
        })
    }
}

impl fmt::Debug for Activation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Activation::Linear => "Linear",
            Activation::Relu => "Relu",
            Activation::Sigmoid => "Sigmoid",
            Activation::Tanh => "Tanh",
            Activation::Custom(_) => "Custom",
        })
    }
}
