//! `relu(x)`, `exp(x)` and other functions of each number.
//! <https://keras.io/api/ops/numpy/>, <https://keras.io/api/ops/nn/>

pub use crate::no_weights as weights;

use crate::catalogue::{Arg, ArgKind, Entry, Form, Inputs};
use crate::rules::{attempt, one_float};
use crate::{ArgValue, Config, ShapeError, Value, Values};

const NEGATIVE_SLOPE: &[Arg] = &[Arg::new("negative_slope", ArgKind::Float, ArgValue::Float(0.2))];
const LIMITS: &[Arg] =
    &[Arg::required("x_min", ArgKind::Float), Arg::required("x_max", ArgKind::Float)];
const APPROXIMATE: &[Arg] = &[Arg::new("approximate", ArgKind::Bool, ArgValue::Bool(true))];
const ALPHA: &[Arg] = &[number("alpha", 1.0)];
const SHRINK: &[Arg] = &[number("threshold", 0.5)];
const THRESHOLDS: &[Arg] =
    &[Arg::required("threshold", ArgKind::Float), Arg::required("default_value", ArgKind::Float)];
const B: &[Arg] = &[number("b", 4.0)];
const FILL: &[Arg] = &[Arg::required("fill_value", ArgKind::Float)];
const NORMAL: &[Arg] = &[number("mean", 0.0), number("stddev", 1.0)];
const UNIFORM: &[Arg] = &[number("minval", 0.0), number("maxval", 1.0)];
const P: &[Arg] = &[number("p", 0.5)];

const fn number(name: &'static str, default: f64) -> Arg {
    Arg::new(name, ArgKind::Float, ArgValue::Float(default))
}

const fn plain(name: &'static str) -> Entry {
    with(name, &[])
}

const fn with(name: &'static str, args: &'static [Arg]) -> Entry {
    Entry {
        name,
        snake: name,
        module: "functions::unary",
        form: Form::Function,
        inputs: Inputs::Exactly(1),
        args,
        rule,
        weights,
        ..Entry::LAYER
    }
}

/// `relu(x)`: the larger of `x` and 0.
pub const RELU: Entry = plain("relu");
/// `sigmoid(x)`: `1 / (1 + exp(-x))`.
pub const SIGMOID: Entry = plain("sigmoid");
/// `tanh(x)`: the hyperbolic tangent.
pub const TANH: Entry = plain("tanh");
/// `elu(x)`: `x` above 0, `exp(x) - 1` for the rest.
pub const ELU: Entry = plain("elu");
/// `selu(x)`: `elu`, scaled so that mean and variance stay 0 and 1.
pub const SELU: Entry = plain("selu");
/// `gelu(x, approximate = true)`: `x` times the normal distribution function of `x`, or nearly.
pub const GELU: Entry = with("gelu", APPROXIMATE);
/// `silu(x)`: `x * sigmoid(x)`.
pub const SILU: Entry = plain("silu");
/// `swish(x)`: another name of `silu`.
pub const SWISH: Entry = plain("swish");
/// `softplus(x)`: `log(1 + exp(x))`.
pub const SOFTPLUS: Entry = plain("softplus");
/// `softsign(x)`: `x / (1 + abs(x))`.
pub const SOFTSIGN: Entry = plain("softsign");
/// `leaky_relu(x, negative_slope = 0.2)`: `x` above 0, the slope times `x` for the rest.
pub const LEAKY_RELU: Entry = with("leaky_relu", NEGATIVE_SLOPE);
/// `relu6(x)`: `x` between 0 and 6, the nearer of these outside.
pub const RELU6: Entry = plain("relu6");
/// `exponential(x)`: another name of `exp`.
pub const EXPONENTIAL: Entry = plain("exponential");
/// `hard_sigmoid(x)`: `x / 6 + 0.5` between 0 and 1, the nearer of these outside.
pub const HARD_SIGMOID: Entry = plain("hard_sigmoid");
/// `hard_silu(x)`: `x * hard_sigmoid(x)`.
pub const HARD_SILU: Entry = plain("hard_silu");
/// `mish(x)`: `x * tanh(softplus(x))`.
pub const MISH: Entry = plain("mish");
/// `log_sigmoid(x)`: the logarithm of `sigmoid`.
pub const LOG_SIGMOID: Entry = plain("log_sigmoid");
/// `celu(x, alpha = 1.0)`: `x` above 0, `alpha * (exp(x / alpha) - 1)` for the rest.
pub const CELU: Entry = with("celu", ALPHA);
/// `hard_tanh(x)`: `x` between -1 and 1, the nearer of these outside.
pub const HARD_TANH: Entry = plain("hard_tanh");
/// `hard_shrink(x, threshold = 0.5)`: `x` further than the threshold from 0, 0 for the rest.
pub const HARD_SHRINK: Entry = with("hard_shrink", SHRINK);
/// `soft_shrink(x, threshold = 0.5)`: `x`, the threshold nearer to 0, and 0 within it.
pub const SOFT_SHRINK: Entry = with("soft_shrink", SHRINK);
/// `tanh_shrink(x)`: `x - tanh(x)`.
pub const TANH_SHRINK: Entry = plain("tanh_shrink");
/// `threshold(x, threshold, default_value)`: `x` above the threshold, the default for the rest.
pub const THRESHOLD: Entry = with("threshold", THRESHOLDS);
/// `squareplus(x, b = 4.0)`: `(x + sqrt(x * x + b)) / 2`.
pub const SQUAREPLUS: Entry = with("squareplus", B);
/// `sparse_plus(x)`: 0 below -1, `x` above 1, `(x + 1) * (x + 1) / 4` between.
pub const SPARSE_PLUS: Entry = plain("sparse_plus");
/// `sparse_sigmoid(x)`: `(x + 1) / 2` between 0 and 1, the nearer of these outside.
pub const SPARSE_SIGMOID: Entry = plain("sparse_sigmoid");
/// `abs(x)`: without the sign.
pub const ABS: Entry = plain("abs");
/// `square(x)`: `x * x`.
pub const SQUARE: Entry = plain("square");
/// `sqrt(x)`: the square root.
pub const SQRT: Entry = plain("sqrt");
/// `rsqrt(x)`: `1 / sqrt(x)`.
pub const RSQRT: Entry = plain("rsqrt");
/// `exp(x)`: e to the power of `x`.
pub const EXP: Entry = plain("exp");
/// `log(x)`: the natural logarithm.
pub const LOG: Entry = plain("log");
/// `log1p(x)`: `log(1 + x)`, exact for small `x`.
pub const LOG1P: Entry = plain("log1p");
/// `expm1(x)`: `exp(x) - 1`, exact for small `x`.
pub const EXPM1: Entry = plain("expm1");
/// `reciprocal(x)`: `1 / x`.
pub const RECIPROCAL: Entry = plain("reciprocal");
/// `sin(x)`: the sine.
pub const SIN: Entry = plain("sin");
/// `cos(x)`: the cosine.
pub const COS: Entry = plain("cos");
/// `erf(x)`: the error function.
pub const ERF: Entry = plain("erf");
/// `floor(x)`: the next whole number below.
pub const FLOOR: Entry = plain("floor");
/// `ceil(x)`: the next whole number above.
pub const CEIL: Entry = plain("ceil");
/// `round(x)`: the nearest whole number; of two, the even one.
pub const ROUND: Entry = plain("round");
/// `isnan(x)`: 1 where `x` is no number, else 0.
pub const ISNAN: Entry = plain("isnan");
/// `isinf(x)`: 1 where `x` is infinite, else 0.
pub const ISINF: Entry = plain("isinf");
/// `isfinite(x)`: 1 where `x` is a number that is not infinite, else 0.
pub const ISFINITE: Entry = plain("isfinite");
/// `logical_not(x)`: 1 where `x` is 0, else 0.
pub const LOGICAL_NOT: Entry = plain("logical_not");
/// `sign(x)`: -1, 0 or 1.
pub const SIGN: Entry = plain("sign");
/// `negative(x)`: `-x`.
pub const NEGATIVE: Entry = plain("negative");
/// `clip(x, x_min, x_max)`: `x` between the two, the nearer of them outside.
pub const CLIP: Entry = with("clip", LIMITS);
/// `stop_gradient(x)`: `x`, a constant to the gradient.
pub const STOP_GRADIENT: Entry = plain("stop_gradient");
/// `zeros_like(x)`: 0 for each number of `x`.
pub const ZEROS_LIKE: Entry = plain("zeros_like");
/// `ones_like(x)`: 1 for each number of `x`.
pub const ONES_LIKE: Entry = plain("ones_like");
/// `full_like(x, fill_value)`: the same for each number of `x`.
pub const FULL_LIKE: Entry = with("full_like", FILL);
/// `random_normal(x, mean = 0.0, stddev = 1.0)`: a normal number for each of `x`.
pub const RANDOM_NORMAL: Entry = with("random_normal", NORMAL);
/// `random_uniform(x, minval = 0.0, maxval = 1.0)`: a number between the two for each of `x`.
pub const RANDOM_UNIFORM: Entry = with("random_uniform", UNIFORM);
/// `bernoulli(x, p = 0.5)`: 1 with this probability, else 0, for each number of `x`.
pub const BERNOULLI: Entry = with("bernoulli", P);

/// The value stays, with its mask.
pub const fn rule(_config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    Ok(Values::one(attempt!(one_float("a function of each number", inputs))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{check, f};

    #[test]
    fn the_shape_stays() {
        check(
            rule,
            &[
                (&[], &[f(&[3, 4])], Ok(&[3, 4])),
                (&[], &[f(&[])], Ok(&[])),
                (
                    &[],
                    &[Value::index(&[3])],
                    Err("a function of each number computes with numbers, but the input is an \
                         index (dtype = int32)"),
                ),
            ],
        );
    }

    #[test]
    fn every_activation_but_linear_is_a_function() {
        for word in crate::words::ACTIVATION.words {
            let function = crate::FUNCTIONS.iter().any(|entry| entry.name == word.name);
            assert_eq!(function, word.name != "linear", "{}", word.name);
        }
    }
}
