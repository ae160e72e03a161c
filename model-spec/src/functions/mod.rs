//! The functions of values, `relu(x)` or `concatenate([a, b])`: for each its arguments and its
//! shape rule. A call has the values first, then the arguments.

use crate::catalogue::{Arg, Form, Inputs};
use crate::rules::attempt;
use crate::{Entry, Rule, Shape, ShapeError, Text, Tuple, resolve_axis};

pub mod arange;
pub mod argmax;
pub mod argsort;
pub mod array;
pub mod average;
pub mod broadcast_to;
pub mod cast;
pub mod comparison;
pub mod concatenate;
pub mod constant;
pub mod conv;
pub mod cumsum;
pub mod dot;
pub mod drop_mask;
pub mod einsum;
pub mod elementwise;
pub mod expand_dims;
pub mod flip;
pub mod matmul;
pub mod moveaxis;
pub mod norm;
pub mod normalize;
pub mod one_hot;
pub mod pad;
pub mod pool;
pub mod reduction;
pub mod repeat;
pub mod reshape;
pub mod roll;
pub mod segment_sum;
pub mod softmax;
pub mod sort;
pub mod split;
pub mod squeeze;
pub mod stack;
pub mod swapaxes;
pub mod take;
pub mod take_along_axis;
pub mod tile;
pub mod top_k;
pub mod transpose;
pub mod tril;
pub mod unary;
pub mod r#where;

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
    &unary::LOG_SIGMOID,
    &unary::CELU,
    &unary::HARD_TANH,
    &unary::HARD_SHRINK,
    &unary::SOFT_SHRINK,
    &unary::TANH_SHRINK,
    &unary::THRESHOLD,
    &unary::SQUAREPLUS,
    &unary::SPARSE_PLUS,
    &unary::SPARSE_SIGMOID,
    &unary::ABS,
    &unary::SQUARE,
    &unary::SQRT,
    &unary::RSQRT,
    &unary::EXP,
    &unary::LOG,
    &unary::LOG1P,
    &unary::EXPM1,
    &unary::RECIPROCAL,
    &unary::SIN,
    &unary::COS,
    &unary::ERF,
    &unary::FLOOR,
    &unary::CEIL,
    &unary::ROUND,
    &unary::ISNAN,
    &unary::ISINF,
    &unary::ISFINITE,
    &unary::LOGICAL_NOT,
    &unary::SIGN,
    &unary::NEGATIVE,
    &unary::CLIP,
    &unary::STOP_GRADIENT,
    &drop_mask::ENTRY,
    &unary::ZEROS_LIKE,
    &unary::ONES_LIKE,
    &unary::FULL_LIKE,
    &unary::RANDOM_NORMAL,
    &unary::RANDOM_UNIFORM,
    &unary::BERNOULLI,
    &arange::ENTRY,
    &array::ENTRY,
    &constant::ZEROS,
    &constant::ONES,
    &constant::FULL,
    &reduction::SUM,
    &reduction::MEAN,
    &reduction::MAX,
    &reduction::MIN,
    &reduction::VAR,
    &reduction::STD,
    &reduction::PROD,
    &reduction::LOGSUMEXP,
    &norm::ENTRY,
    &normalize::ENTRY,
    &argmax::ARGMAX,
    &argmax::ARGMIN,
    &cumsum::ENTRY,
    &elementwise::ADD,
    &elementwise::SUBTRACT,
    &elementwise::MULTIPLY,
    &elementwise::DIVIDE,
    &elementwise::POWER,
    &elementwise::MAXIMUM,
    &elementwise::MINIMUM,
    &average::ENTRY,
    &elementwise::LOGICAL_AND,
    &elementwise::LOGICAL_OR,
    &comparison::EQUAL,
    &comparison::NOT_EQUAL,
    &comparison::GREATER,
    &comparison::GREATER_EQUAL,
    &comparison::LESS,
    &comparison::LESS_EQUAL,
    &r#where::ENTRY,
    &concatenate::ENTRY,
    &stack::ENTRY,
    &matmul::ENTRY,
    &dot::ENTRY,
    &transpose::ENTRY,
    &reshape::ENTRY,
    &expand_dims::ENTRY,
    &squeeze::ENTRY,
    &swapaxes::ENTRY,
    &moveaxis::ENTRY,
    &broadcast_to::ENTRY,
    &split::ENTRY,
    &repeat::ENTRY,
    &tile::ENTRY,
    &pad::ENTRY,
    &pool::MAX_POOL,
    &pool::AVERAGE_POOL,
    &conv::ENTRY,
    &flip::ENTRY,
    &roll::ENTRY,
    &sort::ENTRY,
    &argsort::ENTRY,
    &top_k::ENTRY,
    &tril::TRIL,
    &tril::TRIU,
    &take::ENTRY,
    &take_along_axis::ENTRY,
    &segment_sum::ENTRY,
    &one_hot::ENTRY,
    &cast::ENTRY,
    &einsum::ENTRY,
];

/// A function without weights, by the rule of `functions::module`.
const fn entry(
    name: &'static str,
    module: &'static str,
    inputs: Inputs,
    args: &'static [Arg],
    rule: Rule,
) -> Entry {
    Entry { name, snake: name, module, form: Form::Function, inputs, args, rule, ..Entry::LAYER }
}

/// The position of the axis that an argument names, `None` where it names none: then the numbers
/// of a sample are one line.
const fn one_axis(
    function: &str,
    axes: &Tuple,
    shape: &Shape,
) -> Result<Option<usize>, ShapeError> {
    match *axes.as_slice() {
        [] => Ok(None),
        [axis] => Ok(Some(attempt!(resolve_axis(function, axis, shape)))),
        _ => Err(ShapeError::of(Text::new(function).str(" takes one axis, but got several"))
            .help("leave axis out to take all numbers of a sample as one line")),
    }
}

/// How many numbers a sample has.
const fn flat(shape: &Shape) -> usize {
    match shape.size() {
        Some(size) => size,
        None => Shape::ANY,
    }
}

/// `dim` times `n`, if that can be a size.
const fn times(function: &str, dim: usize, n: usize) -> Result<usize, ShapeError> {
    if dim == Shape::ANY {
        return Ok(dim);
    }
    match dim.checked_mul(n) {
        Some(product) if product <= i64::MAX as usize => Ok(product),
        _ => Err(ShapeError::of(
            Text::new(function).str(": the result has more values than can be counted"),
        )
        .help("write smaller sizes")),
    }
}
