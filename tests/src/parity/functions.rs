//! The function that a case names, as a layer.

use model_runtime::functions as f;
use model_runtime::prelude::*;

use super::args::Args;

/// A function as a layer.
struct Function<F>(F);

impl<F: Fn(&[Var]) -> Var + Send + Sync> Layer for Function<F> {
    fn call(&self, inputs: &[Var]) -> Vars {
        (self.0)(inputs).into()
    }
}

fn function(function: impl Fn(&[Var]) -> Var + Send + Sync + 'static) -> Box<dyn Layer> {
    Box::new(Function(function))
}

type Made = Result<Option<Box<dyn Layer>>, String>;

/// The function of this name with these arguments.
///
/// # Errors
/// A name without an arm here, and arguments that the function does not take.
pub fn layer(name: &str, args: &Args<'_>) -> Result<Box<dyn Layer>, String> {
    let made = match unary(name).or_else(|| binary(name)) {
        Some(layer) => layer,
        None => shapes(name, args)?
            .map_or_else(|| reductions(name, args), |layer| Ok(Some(layer)))?
            .ok_or_else(|| format!("{name} has no arm in tests/src/parity/functions.rs"))?,
    };
    args.finish()?;
    Ok(made)
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
        relu sigmoid tanh elu selu gelu silu swish softplus softsign relu6 exponential hard_sigmoid
        hard_silu mish abs square sqrt rsqrt exp log log1p sign negative stop_gradient)
}

fn binary(name: &str) -> Option<Box<dyn Layer>> {
    type Binary = fn(Var, Var) -> Var;
    named!(name, xs => |of: Binary| of(xs[0], xs[1]);
        add subtract multiply divide maximum minimum matmul)
}

fn reductions(name: &str, args: &Args<'_>) -> Made {
    type Reduction = fn(Var, &[i64], bool) -> Var;
    let axis: &'static [i64] = args.optional("axis")?.unwrap_or_default();
    let keepdims = args.optional("keepdims")?.unwrap_or(false);
    Ok(named!(name, xs => |of: Reduction| of(xs[0], axis, keepdims); sum mean max min var std))
}

fn shapes(name: &str, args: &Args<'_>) -> Made {
    macro_rules! with {
        ($function:ident($argument:ident: $type:ty)) => {{
            let $argument: $type = args.required(stringify!($argument))?;
            function(move |xs| f::$function(xs[0], $argument))
        }};
        ($function:ident(xs, $argument:ident: $type:ty)) => {{
            let $argument: $type = args.required(stringify!($argument))?;
            function(move |xs| f::$function(xs, $argument))
        }};
    }
    Ok(Some(match name {
        "leaky_relu" => with!(leaky_relu(negative_slope: Float)),
        "power" => with!(power(x2: Float)),
        "clip" => {
            let (min, max) = (args.required("x_min")?, args.required("x_max")?);
            function(move |xs| f::clip(xs[0], min, max))
        }
        "softmax" => with!(softmax(axis: i64)),
        "log_softmax" => with!(log_softmax(axis: i64)),
        "reshape" => with!(reshape(newshape: &'static [i64])),
        "expand_dims" => with!(expand_dims(axis: i64)),
        "squeeze" => with!(squeeze(axis: &'static [i64])),
        "transpose" => with!(transpose(axes: &'static [i64])),
        "concatenate" => with!(concatenate(xs, axis: i64)),
        "stack" => with!(stack(xs, axis: i64)),
        _ => return Ok(None),
    }))
}
