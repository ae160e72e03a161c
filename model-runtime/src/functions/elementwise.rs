use model_spec::ArgValue::Float as Number;
use model_spec::functions::{elementwise as spec, unary};

use crate::float::Scalar;
use crate::layers::accepts;
use crate::ops::binary::Binary;
use crate::ops::map::Map;
use crate::{Float, Var, tape};

macro_rules! unary {
    ($(
        $(#[$doc:meta])*
        $name:ident($($parameter:ident),*), $entry:ident, $map:expr;
    )*) => {$(
        $(#[$doc])*
        ///
        /// The shape stays, whatever it is.
        #[track_caller]
        pub fn $name(x: Var $(, $parameter: Float)*) -> Var {
            $(let $parameter = $parameter.as_f64();)*
            match accepts(&unary::$entry, &[$(Number($parameter)),*], &[x]) {
                Ok(_) => tape::apply($map, &[x]),
                Err(poison) => poison,
            }
        }
    )*};
}

unary! {
    /// `max(x, 0)`.
    relu(), RELU, Map::Relu;
    /// `1 / (1 + exp(-x))`.
    sigmoid(), SIGMOID, Map::Sigmoid;
    /// The hyperbolic tangent.
    tanh(), TANH, Map::Tanh;
    /// `x` above 0, `exp(x) - 1` below.
    elu(), ELU, Map::ELU;
    /// `1.0507 · x` above 0, `1.0507 · 1.6733 · (exp(x) - 1)` below.
    selu(), SELU, Map::SELU;
    /// `x` times the normal distribution function of `x`.
    gelu(), GELU, Map::Gelu;
    /// `x · sigmoid(x)`.
    silu(), SILU, Map::Silu;
    /// Another name of [`silu`].
    swish(), SWISH, Map::Silu;
    /// `ln(1 + exp(x))`.
    softplus(), SOFTPLUS, Map::Softplus;
    /// `x / (1 + |x|)`.
    softsign(), SOFTSIGN, Map::Softsign;
    /// `x` above 0, the slope times `x` below.
    leaky_relu(negative_slope), LEAKY_RELU, Map::LeakyRelu(negative_slope);
    /// `x` between 0 and 6, the nearer of these outside.
    relu6(), RELU6, Map::Relu6;
    /// Another name of [`exp`].
    exponential(), EXPONENTIAL, Map::Exp;
    /// `x / 6 + 0.5` between 0 and 1, the nearer of these outside.
    hard_sigmoid(), HARD_SIGMOID, Map::HardSigmoid;
    /// `x` times its hard sigmoid.
    hard_silu(), HARD_SILU, Map::HardSilu;
    /// `x · tanh(softplus(x))`.
    mish(), MISH, Map::Mish;
    /// Without the sign.
    abs(), ABS, Map::Abs;
    /// `x · x`.
    square(), SQUARE, Map::Square;
    /// The square root; NaN below 0.
    sqrt(), SQRT, Map::Sqrt;
    /// `1 / √x`.
    rsqrt(), RSQRT, Map::Rsqrt;
    /// e to the power of `x`.
    exp(), EXP, Map::Exp;
    /// The natural logarithm; NaN below 0.
    log(), LOG, Map::Log;
    /// `ln(1 + x)`, exact for small `x`.
    log1p(), LOG1P, Map::Log1p;
    /// -1, 0 or 1; its gradient is 0.
    sign(), SIGN, Map::Sign;
    /// `-x`.
    negative(), NEGATIVE, Map::Neg;
    /// `x` between the two, the nearer of them outside.
    clip(x_min, x_max), CLIP, Map::Clip(x_min, x_max);
    /// `x` to the power of `exponent`.
    power(exponent), POWER, Map::Power(exponent);
}

/// `x` as a constant: no gradient goes through.
///
/// The shape stays, whatever it is.
#[track_caller]
pub fn stop_gradient(x: Var) -> Var {
    match accepts(&unary::STOP_GRADIENT, &[], &[x]) {
        Ok(_) => x.detach(),
        Err(poison) => poison,
    }
}

/// `x` without its mask: from here on, padding counts.
///
/// The shape stays, whatever it is.
#[track_caller]
pub fn drop_mask(x: Var) -> Var {
    match accepts(&model_spec::functions::drop_mask::ENTRY, &[], &[x]) {
        Ok(_) => x.drop_mask(),
        Err(poison) => poison,
    }
}

macro_rules! binary {
    ($($(#[$doc:meta])* $name:ident, $entry:ident, $op:expr;)*) => {$(
        $(#[$doc])*
        ///
        /// Equal shapes, or what stretches: one number for each sample, and axes of size 1.
        #[track_caller]
        pub fn $name(a: Var, b: Var) -> Var {
            match accepts(&spec::$entry, &[], &[a, b]) {
                // A model stretches also where a loss, which does not, calls it.
                Ok(_) => tape::apply($op, &[a, b]),
                Err(poison) => poison,
            }
        }
    )*};
}

binary! {
    /// `a + b`.
    add, ADD, Binary::Add;
    /// `a - b`.
    subtract, SUBTRACT, Binary::Sub;
    /// `a * b`.
    multiply, MULTIPLY, Binary::Mul;
    /// `a / b`.
    divide, DIVIDE, Binary::Div;
    /// The larger of the two, element by element.
    maximum, MAXIMUM, Binary::Maximum;
    /// The smaller of the two, element by element.
    minimum, MINIMUM, Binary::Minimum;
}
