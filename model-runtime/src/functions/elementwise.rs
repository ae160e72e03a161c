use model_spec::ArgValue::{Bool, Float as Number};
use model_spec::functions::{average, comparison, elementwise as spec, unary, r#where as choose};

use crate::float::Scalar;
use crate::layers::accepts;
use crate::ops::binary::Binary;
use crate::ops::choose::Choose;
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
    /// The logarithm of the sigmoid.
    log_sigmoid(), LOG_SIGMOID, Map::LogSigmoid;
    /// `x` above 0, `alpha · (exp(x / alpha) - 1)` below.
    celu(alpha), CELU, Map::Celu(alpha);
    /// `x` between -1 and 1, the nearer of these outside.
    hard_tanh(), HARD_TANH, Map::Clip(-1.0, 1.0);
    /// `x` further than `threshold` from 0, 0 for the rest.
    hard_shrink(threshold), HARD_SHRINK, Map::HardShrink(threshold);
    /// `x`, by `threshold` nearer to 0, and 0 within.
    soft_shrink(threshold), SOFT_SHRINK, Map::SoftShrink(threshold);
    /// `x - tanh(x)`.
    tanh_shrink(), TANH_SHRINK, Map::TanhShrink;
    /// `x` above `threshold`, `default_value` for the rest.
    threshold(threshold, default_value), THRESHOLD, Map::Threshold(threshold, default_value);
    /// `(x + √(x² + b)) / 2`.
    squareplus(b), SQUAREPLUS, Map::Squareplus(b);
    /// 0 below -1, `x` above 1, `(x + 1)² / 4` between.
    sparse_plus(), SPARSE_PLUS, Map::SparsePlus;
    /// `(x + 1) / 2` between 0 and 1, the nearer of these outside.
    sparse_sigmoid(), SPARSE_SIGMOID, Map::SparseSigmoid;
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
    /// `exp(x) - 1`, exact for small `x`.
    expm1(), EXPM1, Map::Expm1;
    /// `1 / x`.
    reciprocal(), RECIPROCAL, Map::Into(1.0);
    /// The sine.
    sin(), SIN, Map::Sin;
    /// The cosine.
    cos(), COS, Map::Cos;
    /// The error function.
    erf(), ERF, Map::Erf;
    /// The next whole number below; its gradient is 0.
    floor(), FLOOR, Map::Floor;
    /// The next whole number above; its gradient is 0.
    ceil(), CEIL, Map::Ceil;
    /// The nearest whole number, of two the even one; its gradient is 0.
    round(), ROUND, Map::Round;
    /// 1 where `x` is no number, else 0.
    isnan(), ISNAN, Map::IsNan;
    /// 1 where `x` is infinite, else 0.
    isinf(), ISINF, Map::IsInfinite;
    /// 1 where `x` is a number that is not infinite, else 0.
    isfinite(), ISFINITE, Map::IsFinite;
    /// 1 where `x` is 0, else 0.
    logical_not(), LOGICAL_NOT, Map::IsZero;
    /// -1, 0 or 1; its gradient is 0.
    sign(), SIGN, Map::Sign;
    /// `-x`.
    negative(), NEGATIVE, Map::Neg;
    /// `x` between the two, the nearer of them outside.
    clip(x_min, x_max), CLIP, Map::Clip(x_min, x_max);
}

/// `x` times the normal distribution function of `x`; `approximate`, which is the default in a
/// model as in `keras.ops.gelu`, `x · (1 + tanh(√(2 / π) · (x + 0.044715 · x³))) / 2`
/// ([Hendrycks and Gimpel, 2016](https://arxiv.org/abs/1606.08415)). The activation `gelu` of a
/// layer is the exact one, as `keras.activations.gelu`.
///
/// The shape stays, whatever it is.
#[track_caller]
pub fn gelu(x: Var, approximate: bool) -> Var {
    if let Err(poison) = accepts(&unary::GELU, &[Bool(approximate)], &[x]) {
        return poison;
    }
    // (1 + tanh(z)) / 2 is the sigmoid of 2 · z.
    let twice = 2.0 * std::f64::consts::FRAC_2_PI.sqrt();
    let map = if approximate { Map::GeluTanh(0.044715 * twice, twice) } else { Map::Gelu };
    tape::apply(map, &[x])
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
    ($($(#[$doc:meta])* $name:ident, $entry:expr, $op:expr;)*) => {$(
        $(#[$doc])*
        ///
        /// Equal shapes, or what stretches: one number for each sample, and axes of size 1.
        #[track_caller]
        pub fn $name(a: Var, b: Var) -> Var {
            match accepts(&$entry, &[], &[a, b]) {
                // A model stretches also where a loss, which does not, calls it.
                Ok(_) => tape::apply($op, &[a, b]),
                Err(poison) => poison,
            }
        }
    )*};
}

binary! {
    /// `a + b`.
    add, spec::ADD, Binary::Add;
    /// `a - b`.
    subtract, spec::SUBTRACT, Binary::Sub;
    /// `a * b`.
    multiply, spec::MULTIPLY, Binary::Mul;
    /// `a / b`.
    divide, spec::DIVIDE, Binary::Div;
    /// `a` to the power of `b`; NaN below 0, unless `b` is whole.
    power, spec::POWER, Binary::Power;
    /// The larger of the two, element by element.
    maximum, spec::MAXIMUM, Binary::Maximum;
    /// The smaller of the two, element by element.
    minimum, spec::MINIMUM, Binary::Minimum;
    /// 1 where both are not 0, else 0; its gradient is 0.
    logical_and, spec::LOGICAL_AND, Binary::And;
    /// 1 where one of them is not 0, else 0; its gradient is 0.
    logical_or, spec::LOGICAL_OR, Binary::Or;
    /// 1 where both are the same, else 0; its gradient is 0.
    equal, comparison::EQUAL, Binary::Equal;
    /// 1 where they differ, else 0; its gradient is 0.
    not_equal, comparison::NOT_EQUAL, Binary::NotEqual;
    /// 1 where `a` is larger, else 0; its gradient is 0.
    greater, comparison::GREATER, Binary::Greater;
    /// 1 where `a` is larger or the same, else 0; its gradient is 0.
    greater_equal, comparison::GREATER_EQUAL, Binary::GreaterEqual;
    /// 1 where `a` is smaller, else 0; its gradient is 0.
    less, comparison::LESS, Binary::Less;
    /// 1 where `a` is smaller or the same, else 0; its gradient is 0.
    less_equal, comparison::LESS_EQUAL, Binary::LessEqual;
}

/// `a` where the condition is not 0, `b` elsewhere, whose numbers count for nothing there.
///
/// Equal shapes, or what stretches: one number for each sample, and axes of size 1.
#[track_caller]
pub fn r#where(condition: Var, a: Var, b: Var) -> Var {
    match accepts(&choose::ENTRY, &[], &[condition, a, b]) {
        Ok(_) => tape::apply(Choose, &[condition, a, b]),
        Err(poison) => poison,
    }
}

/// The mean of two values or more, element by element.
#[track_caller]
pub fn average(xs: &[Var]) -> Var {
    crate::layers::average(&average::ENTRY, xs)
}
