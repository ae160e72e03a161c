//! The function that a case names, as a layer.

use model_runtime::functions as f;
use model_runtime::prelude::*;

use super::args::Args;

/// A function as a layer.
struct Function<F>(F);

impl<F: Fn(&[Var]) -> Vars + Send + Sync> Layer for Function<F> {
    fn call(&self, inputs: &[Var]) -> Vars {
        (self.0)(inputs)
    }
}

fn function<R: Into<Vars>>(
    function: impl Fn(&[Var]) -> R + Send + Sync + 'static,
) -> Box<dyn Layer> {
    Box::new(Function(move |inputs: &[Var]| -> Vars { function(inputs).into() }))
}

type Made = Result<Option<Box<dyn Layer>>, String>;

/// The function of this name with these arguments.
///
/// # Errors
/// A name without an arm here, and arguments that the function does not take.
pub fn layer(name: &str, args: &Args<'_>) -> Result<Box<dyn Layer>, String> {
    let mut found = unary(name).or_else(|| binary(name));
    for kind in [with_numbers, shapes, arrangements, indices, reductions] {
        found = match found {
            None => kind(name, args)?,
            found => found,
        };
    }
    args.finish()?;
    found.ok_or_else(|| format!("{name} has no arm in tests/src/parity/functions.rs"))
}

macro_rules! named {
    ($name:expr, $xs:ident => $call:expr; $($function:ident)*) => {
        match $name {
            $(stringify!($function) => {
                let of = f::$function;
                Some(function(move |$xs: &[Var]| ($call)(of)))
            })*
            _ => None,
        }
    };
}

fn unary(name: &str) -> Option<Box<dyn Layer>> {
    type Unary = fn(Var) -> Var;
    named!(name, xs => |of: Unary| of(xs[0]);
        relu sigmoid tanh elu selu silu swish softplus softsign relu6 exponential hard_sigmoid
        hard_silu mish log_sigmoid hard_tanh tanh_shrink sparse_plus sparse_sigmoid expm1
        reciprocal sin cos erf floor ceil round abs square sqrt rsqrt exp log log1p sign negative
        stop_gradient)
}

fn binary(name: &str) -> Option<Box<dyn Layer>> {
    type Binary = fn(Var, Var) -> Var;
    named!(name, xs => |of: Binary| of(xs[0], xs[1]);
        add subtract multiply divide maximum minimum matmul power equal not_equal greater
        greater_equal less less_equal logical_and logical_or)
}

fn reductions(name: &str, args: &Args<'_>) -> Made {
    type Reduction = fn(Var, &[i64], bool) -> Var;
    let axis: &'static [i64] = args.optional("axis")?.unwrap_or_default();
    let keepdims = args.optional("keepdims")?.unwrap_or(false);
    Ok(named!(name, xs => |of: Reduction| of(xs[0], axis, keepdims); sum mean max min var std
        prod logsumexp))
}

/// A function of one value, or of all (`xs`), and arguments.
macro_rules! with {
    ($args:ident, $function:ident($($argument:ident: $type:ty),*)) => {{
        $(let $argument: $type = $args.required(stringify!($argument))?;)*
        function(move |xs| f::$function(xs[0], $($argument),*))
    }};
    ($args:ident, $function:ident(xs, $($argument:ident: $type:ty),*)) => {{
        $(let $argument: $type = $args.required(stringify!($argument))?;)*
        function(move |xs| f::$function(xs, $($argument),*))
    }};
    ($args:ident, $function:ident(a, b, $($argument:ident: $type:ty),*)) => {{
        $(let $argument: $type = $args.required(stringify!($argument))?;)*
        function(move |xs| f::$function(xs[0], xs[1], $($argument),*))
    }};
}

type Ints = &'static [i64];

fn with_numbers(name: &str, args: &Args<'_>) -> Made {
    Ok(Some(match name {
        "leaky_relu" => with!(args, leaky_relu(negative_slope: Float)),
        "gelu" => with!(args, gelu(approximate: bool)),
        "clip" => with!(args, clip(x_min: Float, x_max: Float)),
        "celu" => with!(args, celu(alpha: Float)),
        "hard_shrink" => with!(args, hard_shrink(threshold: Float)),
        "soft_shrink" => with!(args, soft_shrink(threshold: Float)),
        "squareplus" => with!(args, squareplus(b: Float)),
        "norm" => with!(args, norm(ord: Float, axis: Ints, keepdims: bool)),
        "normalize" => {
            let (axis, order) = (args.required("axis")?, args.required("order")?);
            function(move |xs| f::normalize(xs[0], axis, order, 1e-12))
        }
        _ => return Ok(None),
    }))
}

/// A value and a constant, added.
fn with_constant(
    args: &Args<'_>,
    constant: fn(&[i64], Float) -> Var,
) -> Result<Box<dyn Layer>, String> {
    let (shape, number): (Ints, _) =
        (args.required("shape")?, args.optional("fill_value")?.unwrap_or(0.0));
    Ok(function(move |xs| f::add(xs[0], constant(shape, number))))
}

fn shapes(name: &str, args: &Args<'_>) -> Made {
    Ok(Some(match name {
        "softmax" => with!(args, softmax(axis: i64)),
        "log_softmax" => with!(args, log_softmax(axis: i64)),
        "reshape" => with!(args, reshape(newshape: Ints)),
        "expand_dims" => with!(args, expand_dims(axis: i64)),
        "squeeze" => with!(args, squeeze(axis: Ints)),
        "transpose" => with!(args, transpose(axes: Ints)),
        "concatenate" => with!(args, concatenate(xs, axis: i64)),
        "average" => function(f::average),
        "dot" => with!(args, dot(xs, axes: Ints, normalize: bool)),
        "zeros" => with_constant(args, |shape, _| f::zeros(shape))?,
        "ones" => with_constant(args, |shape, _| f::ones(shape))?,
        "full" => with_constant(args, f::full)?,
        "stack" => with!(args, stack(xs, axis: i64)),
        "swapaxes" => with!(args, swapaxes(axis1: i64, axis2: i64)),
        "moveaxis" => with!(args, moveaxis(source: Ints, destination: Ints)),
        "broadcast_to" => with!(args, broadcast_to(shape: Ints)),
        "cumsum" => with!(args, cumsum(axis: Ints)),
        _ => return Ok(None),
    }))
}

fn arrangements(name: &str, args: &Args<'_>) -> Made {
    Ok(Some(match name {
        "flip" => with!(args, flip(axis: Ints)),
        "roll" => with!(args, roll(shift: i64, axis: Ints)),
        "repeat" => with!(args, repeat(repeats: usize, axis: Ints)),
        "tile" => with!(args, tile(repeats: Ints)),
        "tril" => with!(args, tril(k: i64)),
        "triu" => with!(args, triu(k: i64)),
        "sort" => with!(args, sort(axis: i64)),
        "split" => with!(args, split(indices_or_sections: Ints, axis: i64)),
        "pad" => {
            let pad_width: Ints = args.required("pad_width")?;
            let mode: Option<String> = args.optional("mode")?;
            let value = args.optional("constant_values")?.unwrap_or(0.0);
            let mode = match mode.as_deref() {
                None => f::PadMode::Constant,
                Some("reflect") => f::PadMode::Reflect,
                Some("symmetric") => f::PadMode::Symmetric,
                Some(other) => return Err(format!("mode = {other} is not understood")),
            };
            function(move |xs| f::pad(xs[0], pad_width, mode, value))
        }
        _ => return Ok(None),
    }))
}

fn indices(name: &str, args: &Args<'_>) -> Made {
    Ok(Some(match name {
        "take" => with!(args, take(a, b, axis: Ints)),
        "take_along_axis" => with!(args, take_along_axis(a, b, axis: Ints)),
        "argmax" => with!(args, argmax(axis: Ints, keepdims: bool)),
        "argmin" => with!(args, argmin(axis: Ints, keepdims: bool)),
        "argsort" => with!(args, argsort(axis: i64)),
        "top_k" => with!(args, top_k(k: usize, sorted: bool)),
        "one_hot" => with!(args, one_hot(num_classes: usize, axis: i64)),
        "max_pool" => with!(args, max_pool(pool_size: Ints, strides: Ints, padding: Padding)),
        "average_pool" => {
            with!(args, average_pool(pool_size: Ints, strides: Ints, padding: Padding))
        }
        "conv" => {
            with!(args, conv(a, b, strides: Ints, padding: Padding, dilation_rate: Ints))
        }
        "where" => function(|xs| f::r#where(xs[0], xs[1], xs[2])),
        "segment_sum" => with!(args, segment_sum(a, b, num_segments: usize)),
        "einsum" => {
            let subscripts: String = args.required("subscripts")?;
            let subscripts: &'static str = subscripts.leak();
            function(move |xs| f::einsum(xs, subscripts))
        }
        _ => return Ok(None),
    }))
}
