use model_spec::functions::{
    cumsum as cumsum_spec, norm as norm_spec, normalize as normalize_spec, reduction as spec,
    softmax as softmax_spec,
};
use model_spec::{ArgValue, Entry, MAX_RANK, resolve_axes};

use crate::float::Scalar;
use crate::layers::{accepts, list};
use crate::ops::reduce::Reduction;
use crate::{Float, Var, var};

/// The value, and the axes of the tape that are reduced.
#[track_caller]
fn chosen(entry: &Entry, x: Var, axis: &[i64], keepdims: bool) -> Result<[bool; MAX_RANK], Var> {
    accepts(entry, &[list(axis), ArgValue::Bool(keepdims)], &[x])?;
    Ok(axes_of_tape(x, axis))
}

/// The axes of the tape that a rule has accepted, each `true`.
#[track_caller]
fn axes_of_tape(x: Var, axis: &[i64]) -> [bool; MAX_RANK] {
    let shape = x.shape().without_first();
    let axes = resolve_axes("", axis, &shape).unwrap_or([false; MAX_RANK]);
    std::array::from_fn(|i| i > 0 && axes[i - 1])
}

macro_rules! reductions {
    ($($(#[$doc:meta])* $name:ident, $entry:ident, $call:expr;)*) => {$(
        $(#[$doc])*
        ///
        /// Over these axes, all but the sample's where the list is empty; with `keepdims` they
        /// stay, with size 1. `(samples, …)` becomes `(samples)` where no axis is left.
        #[track_caller]
        pub fn $name(x: Var, axis: &[i64], keepdims: bool) -> Var {
            match chosen(&spec::$entry, x, axis, keepdims) {
                Ok(axes) => $call(x, axes, keepdims),
                Err(poison) => poison,
            }
        }
    )*};
}

reductions! {
    /// The sum.
    sum, SUM, |x, axes, keep| Reduction::Sum.call(x, axes, keep);
    /// The sum divided by the count.
    mean, MEAN, |x, axes, keep| Reduction::Mean.call(x, axes, keep);
    /// The largest.
    max, MAX, |x, axes, keep| Reduction::Max.call(x, axes, keep);
    /// The smallest.
    min, MIN, |x, axes, keep| Reduction::Min.call(x, axes, keep);
    /// The product.
    prod, PROD, |x, axes, keep| Reduction::Prod.call(x, axes, keep);
    /// `ln Σ exp(x)`, without an overflow.
    logsumexp, LOGSUMEXP, |x, axes, keep| Reduction::LogSumExp.call(x, axes, keep);
    /// The mean of the squared distances from the mean.
    var, VAR, var::variance;
    /// The square root of [`var()`], whose gradient is infinite where it is 0.
    std, STD, |x, axes, keep| var::variance(x, axes, keep).sqrt();
}

/// `exp(x) / Σ exp(x)` along an axis: positive numbers whose sum is 1. The shape stays.
#[track_caller]
pub fn softmax(x: Var, axis: i64) -> Var {
    match accepts(&softmax_spec::SOFTMAX, &[ArgValue::Int(axis)], &[x]) {
        Ok(_) => var::softmax(x, "softmax", axis as isize, false),
        Err(poison) => poison,
    }
}

/// The logarithm of [`softmax`], without a loss of precision. The shape stays.
#[track_caller]
pub fn log_softmax(x: Var, axis: i64) -> Var {
    match accepts(&softmax_spec::LOG_SOFTMAX, &[ArgValue::Int(axis)], &[x]) {
        Ok(_) => var::softmax(x, "log_softmax", axis as isize, true),
        Err(poison) => poison,
    }
}

/// `(Σ|x|^ord)^(1/ord)`, the length of vectors for an `ord` of 2; its gradient at 0 is not a
/// number.
///
/// Over these axes, all but the sample's where the list is empty; with `keepdims` they stay, with
/// size 1.
#[track_caller]
pub fn norm(x: Var, ord: Float, axis: &[i64], keepdims: bool) -> Var {
    let args = [ArgValue::Float(ord.as_f64()), list(axis), ArgValue::Bool(keepdims)];
    match accepts(&norm_spec::ENTRY, &args, &[x]) {
        Ok(_) => var::norm(x, ord, axes_of_tape(x, axis), keepdims),
        Err(poison) => poison,
    }
}

/// `x / max(norm, epsilon)` along an axis, with the norm of this order: vectors of length 1. The
/// shape stays.
#[track_caller]
pub fn normalize(x: Var, axis: i64, order: usize, epsilon: Float) -> Var {
    let (axis_value, order_value) = (ArgValue::Int(axis), ArgValue::Int(order as i64));
    let args = [axis_value, order_value, ArgValue::Float(epsilon.as_f64())];
    match accepts(&normalize_spec::ENTRY, &args, &[x]) {
        Ok(_) => var::normalized(x, axes_of_tape(x, &[axis]), order.max(1), epsilon),
        Err(poison) => poison,
    }
}

/// The sum of each number and all before it along an axis; where the list is empty, the numbers of
/// a sample become one line.
#[track_caller]
pub fn cumsum(x: Var, axis: &[i64]) -> Var {
    if let Err(poison) = accepts(&cumsum_spec::ENTRY, &[list(axis)], &[x]) {
        return poison;
    }
    match *axis {
        [axis] => x.cumsum(axis as isize),
        _ => x.flatten().cumsum(1),
    }
}
