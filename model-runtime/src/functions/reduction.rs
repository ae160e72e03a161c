use model_spec::functions::{reduction as spec, softmax as softmax_spec};
use model_spec::{ArgValue, Entry, MAX_RANK, resolve_axes};

use crate::layers::{accepts, list};
use crate::ops::reduce::Reduction;
use crate::{Var, var};

/// The value, and the axes of the tape that are reduced.
#[track_caller]
fn chosen(entry: &Entry, x: Var, axis: &[i64], keepdims: bool) -> Result<[bool; MAX_RANK], Var> {
    accepts(entry, &[list(axis), ArgValue::Bool(keepdims)], &[x])?;
    let shape = x.shape().without_first();
    // The rule has found the axes, so they are there.
    let axes = resolve_axes(entry.name, axis, &shape).unwrap_or([false; MAX_RANK]);
    Ok(std::array::from_fn(|i| i > 0 && axes[i - 1]))
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
