use model_spec::MAX_RANK;

use super::axes::{checked, resolve, resolve_all};
use crate::ops::binary::Binary;
use crate::ops::reduce::{Reduce, Reduction};
use crate::ops::softmax::Softmax;
use crate::{Var, tape};

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
    /// The mean of the squared distances from the mean over the axes.
    var_axes, "var_axes": variance;
    /// The square root of [`Var::var_axes`], whose gradient is infinite where it is 0.
    std_axes, "std_axes": |x, axes, keep| variance(x, axes, keep).sqrt();
}

/// One number out of all, the samples' included.
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
}
