use model_spec::MAX_RANK;

use super::axes::{checked, resolve, resolve_all};
use crate::ops::binary::Binary;
use crate::ops::reduce::{Reduce, Reduction};
use crate::ops::softmax::Softmax;
use crate::{Float, Var, tape};

impl Reduction {
    /// Over the axes that are `true`; the value is no poison.
    #[track_caller]
    pub(crate) fn call(self, x: Var, axes: [bool; MAX_RANK], keepdims: bool) -> Var {
        tape::apply(Reduce { reduction: self, axes, keepdims }, &[x])
    }
}

/// The mean of the squared distances from the mean, over the axes that are `true`.
#[track_caller]
pub(crate) fn variance(x: Var, axes: [bool; MAX_RANK], keepdims: bool) -> Var {
    let mean = Reduction::Mean.call(x, axes, true);
    let distance = tape::apply(Binary::Sub, &[x, mean]);
    Reduction::Mean.call(distance.square(), axes, keepdims)
}

macro_rules! reductions {
    ($($(#[$doc:meta])* $method:ident, $name:literal: $call:expr;)*) => {
        /// One number out of those along some axes. Axis 0 is that of the samples, negative ones
        /// count from the end; with `keepdims` the axes stay, with size 1. An axis that does not
        /// exist, or stands twice, is the step's error.
        ///
        /// ```
        /// use model_runtime::prelude::*;
        /// use ndarray::array;
        /// tape::run(Mode::Inference, || {
        ///     let x = Var::from_array(&array![[1.0, 2.0], [4.0, 5.0]]);
        ///     let is = |got: Var, expected: [f64; 2]| {
        ///         let all = got.to_array().into_iter().zip(expected);
        ///         all.for_each(|(a, b)| assert!((f64::from(a) - b).abs() < 1e-5, "{a} {b}"));
        ///     };
        ///     is(x.max_axes(&[1], false), [2.0, 5.0]);
        ///     is(x.min_axes(&[0], false), [1.0, 2.0]);
        ///     is(x.prod_axes(&[-1], false), [2.0, 20.0]);
        ///     is(x.norm_axes(&[1], false), [5_f64.sqrt(), 41_f64.sqrt()]);
        ///     is(x.var_axes(&[1], false), [0.25, 0.25]);
        ///     is(x.std_axes(&[0], false), [1.5, 1.5]);
        ///     let rest = (1.0 + 1_f64.exp()).ln();
        ///     is(x.logsumexp_axes(&[1], true), [1.0 + rest, 4.0 + rest]);
        /// })?;
        /// # Ok::<(), Error>(())
        /// ```
        impl Var {
            $(
                $(#[$doc])*
                #[track_caller]
                pub fn $method(self, axes: &[isize], keepdims: bool) -> Var {
                    checked(&[self], |shapes| {
                        let axes = resolve_all($name, axes, shapes[0].rank())?;
                        Ok($call(self, axes, keepdims))
                    })
                }
            )*
        }
    };
}

reductions! {
    /// The sum over the axes.
    sum_axes, "sum_axes": |x, axes, keep| Reduction::Sum.call(x, axes, keep);
    /// The mean over the axes.
    mean_axes, "mean_axes": |x, axes, keep| Reduction::Mean.call(x, axes, keep);
    /// The largest over the axes; several that are get equal parts of the gradient.
    max_axes, "max_axes": |x, axes, keep| Reduction::Max.call(x, axes, keep);
    /// The smallest over the axes; several that are get equal parts of the gradient.
    min_axes, "min_axes": |x, axes, keep| Reduction::Min.call(x, axes, keep);
    /// The product over the axes.
    prod_axes, "prod_axes": |x, axes, keep| Reduction::Prod.call(x, axes, keep);
    /// `ln Σ exp(x)` over the axes, without an overflow.
    logsumexp_axes, "logsumexp_axes": |x, axes, keep| Reduction::LogSumExp.call(x, axes, keep);
    /// The length over the axes, `√Σx²`, whose gradient at 0 is not a number.
    norm_axes, "norm_axes": |x, axes, keep| norm(x, 2.0, axes, keep);
    /// The mean of the squared distances from the mean over the axes.
    var_axes, "var_axes": variance;
    /// The square root of [`Var::var_axes`], whose gradient is infinite where it is 0.
    std_axes, "std_axes": |x, axes, keep| variance(x, axes, keep).sqrt();
}

/// One number out of all, the samples' included.
///
/// ```
/// use model_runtime::prelude::*;
/// use ndarray::array;
/// tape::run(Mode::Inference, || {
///     let x = Var::from_array(&array![[1.0, 2.0], [4.0, 5.0]]);
///     let is = |got: Var, expected: f64| {
///         assert!((f64::from(got.to_array().sum()) - expected).abs() < 1e-5);
///     };
///     is(x.min(), 1.0);
///     is(x.prod(), 40.0);
///     is(x.norm(), 46_f64.sqrt());
///     is(x.std(), 2.5_f64.sqrt());
///     is(x.logsumexp(), [1.0, 2.0, 4.0, 5.0_f64].map(f64::exp).iter().sum::<f64>().ln());
///     is(x.log_softmax().slice(s![0, 0]), -(1.0 + 1_f64.exp()).ln());
/// })?;
/// # Ok::<(), Error>(())
/// ```
impl Var {
    /// The sum of all numbers.
    #[track_caller]
    pub fn sum(self) -> Var {
        Reduction::Sum.call(self, [true; MAX_RANK], false)
    }

    /// The mean of all numbers.
    #[track_caller]
    pub fn mean(self) -> Var {
        Reduction::Mean.call(self, [true; MAX_RANK], false)
    }

    /// The largest of all numbers.
    #[track_caller]
    pub fn max(self) -> Var {
        Reduction::Max.call(self, [true; MAX_RANK], false)
    }

    /// The smallest of all numbers.
    #[track_caller]
    pub fn min(self) -> Var {
        Reduction::Min.call(self, [true; MAX_RANK], false)
    }

    /// The product of all numbers.
    #[track_caller]
    pub fn prod(self) -> Var {
        Reduction::Prod.call(self, [true; MAX_RANK], false)
    }

    /// `ln Σ exp(x)`, without an overflow.
    #[track_caller]
    pub fn logsumexp(self) -> Var {
        Reduction::LogSumExp.call(self, [true; MAX_RANK], false)
    }

    /// The length of all numbers, `√Σx²`, whose gradient at 0 is not a number.
    #[track_caller]
    pub fn norm(self) -> Var {
        norm(self, 2.0, [true; MAX_RANK], false)
    }

    /// `x / max(√Σx², 1e-7)` along an axis: vectors of length 1.
    #[track_caller]
    pub fn normalize(self, axis: isize) -> Var {
        checked(&[self], |shapes| {
            let axes = resolve_all("normalize", &[axis], shapes[0].rank())?;
            Ok(normalized(self, axes, 2, 1e-7))
        })
    }

    /// The mean of the squared distances from the mean.
    #[track_caller]
    pub fn var(self) -> Var {
        variance(self, [true; MAX_RANK], false)
    }

    /// The square root of [`Var::var`], whose gradient is infinite where it is 0.
    #[track_caller]
    pub fn std(self) -> Var {
        self.var().sqrt()
    }

    /// `exp(x) / Σ exp(x)` along the last axis: positive numbers whose sum is 1.
    #[track_caller]
    pub fn softmax(self) -> Var {
        softmax(self, "softmax", -1, false)
    }

    /// The logarithm of [`Var::softmax`], without a loss of precision.
    #[track_caller]
    pub fn log_softmax(self) -> Var {
        softmax(self, "log_softmax", -1, true)
    }
}

/// `(Σ|x|^ord)^(1/ord)` over the axes that are `true`; the largest of `|x|` where it is infinite.
#[track_caller]
pub(crate) fn norm(x: Var, ord: Float, axes: [bool; MAX_RANK], keepdims: bool) -> Var {
    let sum = |x: Var| Reduction::Sum.call(x, axes, keepdims);
    if ord == 1.0 {
        sum(x.abs())
    } else if ord == 2.0 {
        sum(x.square()).sqrt()
    } else if ord.is_infinite() {
        Reduction::Max.call(x.abs(), axes, keepdims)
    } else {
        sum(x.abs().powf(ord)).powf(1.0 / ord)
    }
}

/// `x / max(norm, epsilon)`. The bound is taken before the root, so that the gradient of a vector
/// of zeros is finite.
#[track_caller]
pub(crate) fn normalized(x: Var, axes: [bool; MAX_RANK], order: usize, epsilon: Float) -> Var {
    let power = order as Float;
    let powers = if order == 2 { x.square() } else { x.abs().powf(power) };
    let sum = Reduction::Sum.call(powers, axes, true);
    let least = epsilon.powf(power).max(Float::MIN_POSITIVE);
    let inverse = sum.clip(least, Float::INFINITY).powf(-power.recip());
    // Not `*`, which stretches nothing in a loss.
    tape::apply(Binary::Mul, &[x, inverse])
}

/// Along one axis, sample axis included.
#[track_caller]
pub(crate) fn softmax(x: Var, method: &str, axis: isize, log: bool) -> Var {
    checked(&[x], |shapes| {
        let rank = shapes[0].rank();
        Ok(tape::apply(Softmax::new(resolve(method, axis, rank)?, rank, log), &[x]))
    })
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;
    use crate::Mode;

    #[test]
    fn reductions_are_those_of_the_definitions() {
        let result = tape::run(Mode::Inference, || {
            let x = Var::from_array(&array![[1.0, 2.0, 6.0], [3.0, 3.0, 3.0]]);
            assert_eq!(x.sum().to_array().into_dimensionality().unwrap(), ndarray::arr0(18.0));
            assert_eq!(x.mean_axes(&[0], false).to_array(), array![2.0, 2.5, 4.5].into_dyn());
            assert_eq!(x.max_axes(&[-1], true).to_array(), array![[6.0], [3.0]].into_dyn());
            assert_eq!(x.min_axes(&[1], false).to_array(), array![1.0, 3.0].into_dyn());
            let variance = x.var_axes(&[1], false).to_array();
            assert!((variance[0] - 14.0 / 3.0).abs() < 1e-5 && variance[1] == 0.0);
            let std = x.std().to_array().sum();
            assert!((std * std - x.var().to_array().sum()).abs() < 1e-5);
            assert!((x.log_softmax().exp() - x.softmax()).abs().max().to_array().sum() < 1e-6);
        });
        assert!(result.is_ok());
    }

    #[test]
    fn an_axis_that_is_not_there_is_an_error() {
        let run = |axes: &[isize]| {
            let result = tape::run(Mode::Inference, || {
                Var::from_array(&array![[1.0, 2.0]]).sum_axes(axes, false).to_array()
            });
            result.unwrap_err().to_string()
        };
        assert!(run(&[2]).starts_with("sum_axes: there is no axis 2 in a value with 2\n"));
        assert!(run(&[1, -1]).starts_with("sum_axes: axis -1 is chosen twice\n"));
        let result = tape::run(Mode::Inference, || Var::scalar(1.0).softmax().to_array());
        assert!(result.is_err());
    }

    #[test]
    fn the_gradient_of_a_variance_is_that_of_its_formula() {
        let x = crate::gradcheck::random::<crate::Float>(&[4, 3], 1);
        tape::run(Mode::Training, || {
            let var = tape::variable(x.clone());
            let gradients = tape::backward(var.var_axes(&[0], false).sum());
            let mean = var.mean_axes(&[0], true);
            let expected = ((var - mean) * (2.0 / 4.0)).tensor();
            let gradient = gradients.of(var).expect("the sum depends on it");
            for (a, b) in gradient.iter().zip(expected.data()) {
                assert!((a - b).abs() < 1e-6, "{a} and {b}");
            }
            let gradients = tape::backward(var.detach().sum() + var.sign().sum());
            assert!(gradients.of(var).is_some_and(|g| g.iter().all(|&g| g == 0.0)));
        })
        .unwrap();
    }

    #[test]
    fn vectors_are_normalized() {
        tape::run(Mode::Training, || {
            let x = tape::variable(crate::tensor::Tensor::new(
                model_spec::Shape::new(&[2, 2]),
                vec![3.0, -4.0, 0.0, 0.0],
            ));
            let y = tape::strict(|| x.normalize(1));
            let expected = array![[0.6, -0.8], [0.0, 0.0]].into_dyn();
            assert!((y.to_array() - expected).iter().all(|e| e.abs() < 1e-6));
            let gradients = tape::backward(y.sum());
            assert!(gradients.of(x).is_some_and(|g| g.iter().all(|g| g.is_finite())));
            assert!((x.norm().to_array().sum() - 5.0).abs() < 1e-6);
            let ord = |ord| norm(x, ord, [true; MAX_RANK], false).to_array().sum();
            assert_eq!([ord(1.0), ord(Float::INFINITY)], [7.0, 4.0]);
            // ∛(27 + 64)
            assert!((ord(3.0) - 4.497_941_4).abs() < 1e-5);
            let x = Var::from_array(&array![[2.0, 3.0]]);
            assert_eq!(x.prod().to_array().sum(), 6.0);
            assert!((x.logsumexp().to_array().sum() - 3.313_261_7).abs() < 1e-6);
        })
        .unwrap();
    }
}
