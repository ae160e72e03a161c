//! Values that are made, not computed.

use model_spec::functions as spec;
use model_spec::{ArgValue, Entry};

use crate::float::Scalar;
use crate::layers::{Numbers, accepts, list, tuple};
use crate::pool;
use crate::tensor::Tensor;
use crate::{Float, Var, tape, var};

macro_rules! constants {
    ($(
        $(#[$doc:meta])*
        $name:ident($($parameter:ident),*), $entry:ident, $random:ident, $numbers:expr;
    )*) => {$(
        $(#[$doc])*
        ///
        /// A constant in the shape of `x`.
        #[track_caller]
        pub fn $name(x: Var $(, $parameter: Float)*) -> Var {
            let args = [$(ArgValue::Float(f64::from($parameter))),*];
            if let Err(poison) = accepts(&spec::unary::$entry, &args, &[x]) {
                return poison;
            }
            constants!(@generator $random);
            var::like(x, $numbers)
        }
    )*};
    (@generator none) => {};
    (@generator $random:ident) => {
        let mut $random = tape::generator();
    };
}

constants! {
    /// 0 for each number of `x`.
    zeros_like(), ZEROS_LIKE, none, |count| pool::full(count, 0.0);
    /// 1 for each number of `x`.
    ones_like(), ONES_LIKE, none, |count| pool::full(count, 1.0);
    /// The same for each number of `x`.
    full_like(fill_value), FULL_LIKE, none, |count| pool::full(count, fill_value);
    /// A normal number of this mean and standard deviation for each of `x`. It follows from the
    /// step's seed.
    random_normal(mean, stddev), RANDOM_NORMAL, random,
        |count| var::normal(&mut random, count, mean, stddev);
    /// A number between the two for each of `x`, the second left out. It follows from the step's
    /// seed.
    random_uniform(minval, maxval), RANDOM_UNIFORM, random,
        |count| var::uniform(&mut random, count, minval, maxval);
    /// 1 with this probability, else 0, for each number of `x`. It follows from the step's seed.
    bernoulli(p), BERNOULLI, random, |count| var::coins(&mut random, count, p);
}

/// 0 everywhere: `(1, …)`, one sample of this shape, which goes with any number of them.
#[track_caller]
pub fn zeros(shape: &[i64]) -> Var {
    constant(&spec::constant::ZEROS, shape, 0.0)
}

/// 1 everywhere; otherwise as [`zeros`].
#[track_caller]
pub fn ones(shape: &[i64]) -> Var {
    constant(&spec::constant::ONES, shape, 1.0)
}

/// The same number everywhere; otherwise as [`zeros`].
///
/// ```
/// use model_runtime::functions;
/// use model_runtime::prelude::*;
/// let y = tape::run(Mode::Inference, || {
///     let x = Var::from_array(&ndarray::array![[1.0, 2.0], [3.0, 4.0]]);
///     (x + functions::full(&[2], 0.5)).to_array()
/// })?;
/// assert_eq!(y, ndarray::array![[1.5, 2.5], [3.5, 4.5]].into_dyn());
/// # Ok::<(), Error>(())
/// ```
#[track_caller]
pub fn full(shape: &[i64], fill_value: Float) -> Var {
    constant(&spec::constant::FULL, shape, fill_value)
}

#[track_caller]
fn constant(entry: &Entry, shape: &[i64], number: Float) -> Var {
    match accepts(entry, &[tuple(shape), ArgValue::Float(number.as_f64())], &[]) {
        Ok(values) => Var::full(values.get(0).shape.with_first(1).dims(), number),
        Err(poison) => poison,
    }
}

/// The numbers themselves: `(1, n)`, or `(1)` for a lone one; one sample, which goes with any
/// number of them. In a model a list stands for it: `x + [0.5, 1.0]`, `take(x, [0, 2], axis = 1)`.
///
/// ```
/// use model_runtime::prelude::*;
/// let net = model! { x = Input(3); take(Identity()(x), [2, 0], axis = 1) * [1.0, 10.0] };
/// let y = net.predict_on_batch(&ndarray::array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])?;
/// assert_eq!(y, ndarray::array![[3.0, 10.0], [6.0, 40.0]].into_dyn());
/// # Ok::<(), Error>(())
/// ```
#[track_caller]
pub fn array(x: impl Into<Numbers>) -> Var {
    let x = x.into();
    match accepts(&spec::array::ENTRY, &[x.arg()], &[]) {
        Ok(values) => {
            tape::constant(Tensor::of(values.get(0).shape.with_first(1), pool::copy(x.as_slice())))
        }
        Err(poison) => poison,
    }
}

/// The whole numbers from `start` to `stop`, which is left out, a step apart; from 0 to `start`
/// where the list is empty. `(1, n)`: one sample, which goes with any number of them.
#[track_caller]
pub fn arange(start: i64, stop: &[i64], step: i64) -> Var {
    let args = [ArgValue::Int(start), list(stop), ArgValue::Int(step)];
    let shape = match accepts(&spec::arange::ENTRY, &args, &[]) {
        Ok(values) => values.get(0).shape.with_first(1),
        Err(poison) => return poison,
    };
    let start = if stop.is_empty() { 0 } else { start };
    let number = |i: usize| (start + step * i as i64) as Float;
    tape::constant(Tensor::of(shape, (0..shape.dim(1)).map(number).collect()))
}
