use std::fmt;
use std::sync::Arc;

use model_spec::ArgValue;
use model_spec::layers::activation::ENTRY;

use crate::layers::accepts;
use crate::ops::map::Map;
use crate::{Layer, Var, Vars, tape};

/// Defines the enum from a table: the variant, its word, and the function where it works on each
/// element alone.
macro_rules! activations {
    ($($(#[$doc:meta])* $variant:ident, $word:literal, $map:expr;)*) => {
        /// What a layer applies to its output, and a layer itself:
        /// [Keras's `Activation`](https://keras.io/api/layers/core_layers/activation/).
        ///
        /// - Input: `(samples, …)`. Output: the same shape.
        ///
        /// ```
        /// use model_runtime::prelude::*;
        /// let relu = Activation::new(Activation::Relu);
        /// let y = tape::run(Mode::Inference, || {
        ///     relu.call(Var::from_array(&ndarray::array![[-1.0, 2.0]])).to_array()
        /// })?;
        /// assert_eq!(y, ndarray::array![[0.0, 2.0]].into_dyn());
        /// # Ok::<(), Error>(())
        /// ```
        ///
        /// By its name, and a function of your own:
        ///
        /// ```
        /// use model_runtime::prelude::*;
        /// let activation = Activation::from_name("relu6").expect("Keras's name");
        /// assert_eq!(activation.name(), Some("relu6"));
        /// let wave = Activation::custom(|x| x.sin());
        /// assert_eq!(wave.name(), None);
        /// let y = tape::run(Mode::Inference, || {
        ///     let x = Var::from_array(&ndarray::array![[9.0]]);
        ///     [activation.call(x).to_array(), wave.call(x).to_array()]
        /// })?;
        /// assert_eq!(y[0].sum(), 6.0);
        /// assert!((y[1].sum() - (9.0 as Float).sin()).abs() < 1e-6);
        /// # Ok::<(), Error>(())
        /// ```
        #[derive(Clone)]
        #[non_exhaustive]
        pub enum Activation {
            $($(#[$doc])* $variant,)*
            /// A function of your own; made by [`Activation::custom`].
            Custom(Custom),
        }

        impl Activation {
            /// The activation of a word, such as `hard_sigmoid`.
            pub fn from_name(name: &str) -> Option<Activation> {
                match name {
                    $($word => Some(Activation::$variant),)*
                    _ => None,
                }
            }

            /// The word; `None` for a function of your own.
            pub fn name(&self) -> Option<&'static str> {
                match self {
                    $(Activation::$variant => Some($word),)*
                    Activation::Custom(_) => None,
                }
            }

            /// The function, where it works on each element alone.
            pub(crate) fn map(&self) -> Option<Map> {
                match self {
                    $(Activation::$variant => $map,)*
                    Activation::Custom(_) => None,
                }
            }
        }
    };
}

activations! {
    /// The value as it is.
    Linear, "linear", Some(Map::Linear);
    /// `max(x, 0)`.
    Relu, "relu", Some(Map::Relu);
    /// `1 / (1 + exp(-x))`.
    Sigmoid, "sigmoid", Some(Map::Sigmoid);
    /// The hyperbolic tangent.
    Tanh, "tanh", Some(Map::Tanh);
    /// `exp(x) / Σ exp(x)` along the last axis: positive numbers whose sum is 1.
    Softmax, "softmax", None;
    /// The logarithm of the softmax.
    LogSoftmax, "log_softmax", None;
    /// `x` above 0, `exp(x) - 1` below (Clevert et al., 2016).
    Elu, "elu", Some(Map::ELU);
    /// `1.0507 · x` above 0, `1.0507 · 1.6733 · (exp(x) - 1)` below (Klambauer et al., 2017).
    Selu, "selu", Some(Map::SELU);
    /// `x` times the normal distribution function of `x` (Hendrycks and Gimpel, 2016).
    Gelu, "gelu", Some(Map::Gelu);
    /// `x · sigmoid(x)` (Ramachandran et al., 2017).
    Silu, "silu", Some(Map::Silu);
    /// Another name of [`Activation::Silu`].
    Swish, "swish", Some(Map::Silu);
    /// `ln(1 + exp(x))`.
    Softplus, "softplus", Some(Map::Softplus);
    /// `x / (1 + |x|)`.
    Softsign, "softsign", Some(Map::Softsign);
    /// `x` above 0, `0.2 · x` below; for another slope see [`LeakyReLU`](crate::LeakyReLU).
    LeakyRelu, "leaky_relu", Some(Map::LeakyRelu(0.2));
    /// `x` between 0 and 6, the nearer of these outside.
    Relu6, "relu6", Some(Map::Relu6);
    /// `exp(x)`.
    Exponential, "exponential", Some(Map::Exp);
    /// `x / 6 + 0.5` between 0 and 1, the nearer of these outside.
    HardSigmoid, "hard_sigmoid", Some(Map::HardSigmoid);
    /// `x` times the hard sigmoid of `x` (Howard et al., 2019).
    HardSilu, "hard_silu", Some(Map::HardSilu);
    /// `x · tanh(softplus(x))` (Misra, 2019).
    Mish, "mish", Some(Map::Mish);
    /// The logarithm of the sigmoid.
    LogSigmoid, "log_sigmoid", Some(Map::LogSigmoid);
    /// `x` above 0, `exp(x) - 1` below (Barron, 2017); for another alpha see
    /// [`celu`](crate::functions::celu).
    Celu, "celu", Some(Map::Celu(1.0));
    /// `x` between -1 and 1, the nearer of these outside.
    HardTanh, "hard_tanh", Some(Map::Clip(-1.0, 1.0));
    /// `x` further than 0.5 from 0, 0 for the rest.
    HardShrink, "hard_shrink", Some(Map::HardShrink(0.5));
    /// `x`, by 0.5 nearer to 0, and 0 within.
    SoftShrink, "soft_shrink", Some(Map::SoftShrink(0.5));
    /// `x - tanh(x)`.
    TanhShrink, "tanh_shrink", Some(Map::TanhShrink);
    /// `(x + √(x² + 4)) / 2` (Barron, 2021).
    Squareplus, "squareplus", Some(Map::Squareplus(4.0));
    /// 0 below -1, `x` above 1, `(x + 1)² / 4` between.
    SparsePlus, "sparse_plus", Some(Map::SparsePlus);
    /// `(x + 1) / 2` between 0 and 1, the nearer of these outside.
    SparseSigmoid, "sparse_sigmoid", Some(Map::SparseSigmoid);
}

/// A function of your own as an [`Activation`].
#[derive(Clone)]
pub struct Custom(Arc<dyn Fn(Var) -> Var + Send + Sync>);

impl Activation {
    /// The activation as a layer: itself.
    pub fn new(activation: Activation) -> Activation {
        activation
    }

    /// A function of your own.
    pub fn custom(function: impl Fn(Var) -> Var + Send + Sync + 'static) -> Activation {
        Activation::Custom(Custom(Arc::new(function)))
    }

    /// The value after the activation.
    #[track_caller]
    pub fn call(&self, x: Var) -> Var {
        self.run(&[x])
    }

    #[track_caller]
    fn run(&self, inputs: &[Var]) -> Var {
        let word = self.name().map_or(ArgValue::Rust, ArgValue::Word);
        if let Err(poison) = accepts(&ENTRY, &[word], inputs) {
            return poison;
        }
        let x = inputs[0];
        match (self, self.map()) {
            (Activation::Linear, _) => x,
            (Activation::Softmax, _) => x.softmax(),
            (Activation::LogSoftmax, _) => x.log_softmax(),
            (Activation::Custom(custom), _) => custom.0(x),
            (_, Some(map)) => tape::apply(map, &[x]),
            (_, None) => x,
        }
    }
}

impl Layer for Activation {
    #[track_caller]
    fn call(&self, inputs: &[Var]) -> Vars {
        self.run(inputs).into()
    }
}

impl fmt::Debug for Activation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name().unwrap_or("custom"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_of_the_catalogue_is_an_activation() {
        for word in model_spec::words::ACTIVATION.words {
            let activation = Activation::from_name(word.name);
            assert_eq!(activation.and_then(|a| a.name()), Some(word.name));
        }
        assert!(Activation::from_name("relut").is_none());
    }

    #[test]
    fn a_softmax_of_one_number_is_an_error() {
        let result = tape::run(crate::Mode::Inference, || {
            Activation::Softmax.call(Var::from_array(&ndarray::array![1.0])).shape()
        });
        let text = result.unwrap_err().to_string();
        assert!(text.starts_with("softmax needs an axis, but the input is one number"), "{text}");
    }
}
