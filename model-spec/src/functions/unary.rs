//! `relu(x)`, `exp(x)` and other functions of each number.
//! <https://keras.io/api/ops/numpy/>, <https://keras.io/api/ops/nn/>

pub use crate::no_weights as weights;

use crate::catalogue::{Arg, ArgKind, Entry, Form, Inputs};
use crate::rules::{attempt, one_float};
use crate::{ArgValue, Config, ShapeError, Value, Values};

const NEGATIVE_SLOPE: &[Arg] = &[Arg::new("negative_slope", ArgKind::Float, ArgValue::Float(0.2))];
const LIMITS: &[Arg] =
    &[Arg::required("x_min", ArgKind::Float), Arg::required("x_max", ArgKind::Float)];
const EXPONENT: &[Arg] = &[Arg::required("exponent", ArgKind::Float)];

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
/// `gelu(x)`: `x` times the normal distribution function of `x`.
pub const GELU: Entry = plain("gelu");
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
/// `sign(x)`: -1, 0 or 1.
pub const SIGN: Entry = plain("sign");
/// `negative(x)`: `-x`.
pub const NEGATIVE: Entry = plain("negative");
/// `clip(x, x_min, x_max)`: `x` between the two, the nearer of them outside.
pub const CLIP: Entry = with("clip", LIMITS);
/// `power(x, exponent)`: `x` to the power of a number.
pub const POWER: Entry = with("power", EXPONENT);
/// `stop_gradient(x)`: `x`, a constant to the gradient.
pub const STOP_GRADIENT: Entry = plain("stop_gradient");

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
