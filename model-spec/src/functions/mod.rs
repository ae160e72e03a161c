//! The functions of values, `relu(x)` or `concatenate([a, b])`: for each its arguments and its
//! shape rule. A call has the values first, then the arguments.

use crate::Entry;

pub mod concatenate;
pub mod drop_mask;
pub mod elementwise;
pub mod expand_dims;
pub mod matmul;
pub mod reduction;
pub mod reshape;
pub mod softmax;
pub mod squeeze;
pub mod stack;
pub mod transpose;
pub mod unary;

/// Every function.
pub const ALL: &[&Entry] = &[
    &unary::RELU,
    &unary::SIGMOID,
    &unary::TANH,
    &softmax::SOFTMAX,
    &softmax::LOG_SOFTMAX,
    &unary::ELU,
    &unary::SELU,
    &unary::GELU,
    &unary::SILU,
    &unary::SWISH,
    &unary::SOFTPLUS,
    &unary::SOFTSIGN,
    &unary::LEAKY_RELU,
    &unary::RELU6,
    &unary::EXPONENTIAL,
    &unary::HARD_SIGMOID,
    &unary::HARD_SILU,
    &unary::MISH,
    &unary::ABS,
    &unary::SQUARE,
    &unary::SQRT,
    &unary::RSQRT,
    &unary::EXP,
    &unary::LOG,
    &unary::LOG1P,
    &unary::SIGN,
    &unary::NEGATIVE,
    &unary::CLIP,
    &unary::POWER,
    &unary::STOP_GRADIENT,
    &drop_mask::ENTRY,
    &reduction::SUM,
    &reduction::MEAN,
    &reduction::MAX,
    &reduction::MIN,
    &reduction::VAR,
    &reduction::STD,
    &elementwise::ADD,
    &elementwise::SUBTRACT,
    &elementwise::MULTIPLY,
    &elementwise::DIVIDE,
    &elementwise::MAXIMUM,
    &elementwise::MINIMUM,
    &concatenate::ENTRY,
    &stack::ENTRY,
    &matmul::ENTRY,
    &transpose::ENTRY,
    &reshape::ENTRY,
    &expand_dims::ENTRY,
    &squeeze::ENTRY,
];
