use super::operators::choose;
use crate::float::Scalar;
use crate::ops::binary::Binary;
use crate::ops::map::Map;
use crate::{Float, Var, tape};

/// Functions of each number; a NaN stays a NaN.
///
/// ```
/// use model_runtime::prelude::*;
/// use ndarray::array;
/// tape::run(Mode::Inference, || {
///     let x = Var::from_array(&array![[0.5, 1.5]]);
///     let is = |got: Var, f: fn(f64) -> f64| {
///         let all = got.to_array().into_iter().zip([f(0.5), f(1.5)]);
///         all.for_each(|(a, b)| assert!((f64::from(a) - b).abs() < 1e-5, "{a} {b}"));
///     };
///     is(x.rsqrt(), |x| 1.0 / x.sqrt());
///     is(x.log1p(), f64::ln_1p);
///     is(x.expm1(), f64::exp_m1);
///     is(x.powf(3.0), |x| x.powi(3));
///     is(x.pow(x), |x| x.powf(x));
///     is(x.minimum(x.recip()), |x| x.min(1.0 / x));
///     is(x.sigmoid(), |x| 1.0 / (1.0 + (-x).exp()));
///     is(x.softplus(), |x| (1.0 + x.exp()).ln());
///     is(x.cos(), f64::cos);
///     is(x.floor(), f64::floor);
///     is(x.ceil(), f64::ceil);
///     is((x - 0.5).erf(), |x| if x < 1.0 { 0.0 } else { 0.842_700_8 });
/// })?;
/// # Ok::<(), Error>(())
/// ```
impl Var {
    /// Without the sign. The gradient at 0 is 0.
    #[track_caller]
    pub fn abs(self) -> Var {
        tape::apply(Map::Abs, &[self])
    }

    /// `x · x`.
    #[track_caller]
    pub fn square(self) -> Var {
        tape::apply(Map::Square, &[self])
    }

    /// The square root; NaN below 0, and its gradient at 0 is infinite.
    #[track_caller]
    pub fn sqrt(self) -> Var {
        tape::apply(Map::Sqrt, &[self])
    }

    /// `1 / √x`.
    #[track_caller]
    pub fn rsqrt(self) -> Var {
        tape::apply(Map::Rsqrt, &[self])
    }

    /// e to the power of `x`.
    #[track_caller]
    pub fn exp(self) -> Var {
        tape::apply(Map::Exp, &[self])
    }

    /// The natural logarithm; NaN below 0.
    #[track_caller]
    pub fn ln(self) -> Var {
        tape::apply(Map::Log, &[self])
    }

    /// `ln(1 + x)`, exact for small `x`.
    #[track_caller]
    pub fn log1p(self) -> Var {
        tape::apply(Map::Log1p, &[self])
    }

    /// -1, 0 or 1; its gradient is 0.
    #[track_caller]
    pub fn sign(self) -> Var {
        tape::apply(Map::Sign, &[self])
    }

    /// `x` to the power of `exponent`.
    #[track_caller]
    pub fn powf(self, exponent: Float) -> Var {
        // What most powers are takes no logarithm.
        let power = if exponent == 2.0 { Map::Square } else { Map::Power(exponent.as_f64()) };
        tape::apply(power, &[self])
    }

    /// `x` to the power of another value or a number, element by element; NaN below 0, unless the
    /// exponent is whole, and so is the gradient by the exponent there.
    #[track_caller]
    pub fn pow(self, exponent: impl Into<Var>) -> Var {
        Binary::Power.call(self, exponent.into())
    }

    /// `x` between `least` and `most`, the nearer of them outside, where the gradient is 0.
    #[track_caller]
    pub fn clip(self, least: Float, most: Float) -> Var {
        tape::apply(Map::Clip(least.as_f64(), most.as_f64()), &[self])
    }

    /// The larger of this and another value or a number, element by element. Of equals the first
    /// gets the gradient.
    #[track_caller]
    pub fn maximum(self, other: impl Into<Var>) -> Var {
        Binary::Maximum.call(self, other.into())
    }

    /// The smaller of this and another value or a number, element by element. Of equals the first
    /// gets the gradient.
    #[track_caller]
    pub fn minimum(self, other: impl Into<Var>) -> Var {
        Binary::Minimum.call(self, other.into())
    }

    /// `x` above 0, 0 elsewhere.
    #[track_caller]
    pub fn relu(self) -> Var {
        tape::apply(Map::Relu, &[self])
    }

    /// `1 / (1 + exp(-x))`.
    #[track_caller]
    pub fn sigmoid(self) -> Var {
        tape::apply(Map::Sigmoid, &[self])
    }

    /// The hyperbolic tangent.
    #[track_caller]
    pub fn tanh(self) -> Var {
        tape::apply(Map::Tanh, &[self])
    }

    /// `exp(x) - 1`, exact for small `x`.
    #[track_caller]
    pub fn expm1(self) -> Var {
        tape::apply(Map::Expm1, &[self])
    }

    /// `1 / x`.
    #[track_caller]
    pub fn recip(self) -> Var {
        tape::apply(Map::Into(1.0), &[self])
    }

    /// The sine.
    #[track_caller]
    pub fn sin(self) -> Var {
        tape::apply(Map::Sin, &[self])
    }

    /// The cosine.
    #[track_caller]
    pub fn cos(self) -> Var {
        tape::apply(Map::Cos, &[self])
    }

    /// The error function.
    #[track_caller]
    pub fn erf(self) -> Var {
        tape::apply(Map::Erf, &[self])
    }

    /// `ln(1 + exp(x))`, without an overflow.
    #[track_caller]
    pub fn softplus(self) -> Var {
        tape::apply(Map::Softplus, &[self])
    }

    /// The next whole number below; its gradient is 0.
    #[track_caller]
    pub fn floor(self) -> Var {
        tape::apply(Map::Floor, &[self])
    }

    /// The next whole number above; its gradient is 0.
    #[track_caller]
    pub fn ceil(self) -> Var {
        tape::apply(Map::Ceil, &[self])
    }

    /// The nearest whole number, of two the even one; its gradient is 0.
    #[track_caller]
    pub fn round(self) -> Var {
        tape::apply(Map::Round, &[self])
    }
}

macro_rules! truths {
    ($($(#[$doc:meta])* $method:ident, $map:expr;)*) => {
        /// 1 where something holds, 0 elsewhere; the gradient is 0.
        ///
        /// ```
        /// use model_runtime::prelude::*;
        /// use ndarray::array;
        /// tape::run(Mode::Inference, || {
        ///     let x = Var::from_array(&array![[0.0, 1.0, Float::INFINITY, Float::NAN]]);
        ///     let is = |got: Var, expected: [Float; 4]| {
        ///         assert_eq!(got.to_array(), array![expected].into_dyn());
        ///     };
        ///     is(x.isnan(), [0.0, 0.0, 0.0, 1.0]);
        ///     is(x.isinf(), [0.0, 0.0, 1.0, 0.0]);
        ///     is(x.isfinite(), [1.0, 1.0, 0.0, 0.0]);
        ///     is(x.logical_not(), [1.0, 0.0, 0.0, 0.0]);
        /// })?;
        /// # Ok::<(), Error>(())
        /// ```
        impl Var {
            $(
                $(#[$doc])*
                #[track_caller]
                pub fn $method(self) -> Var {
                    tape::apply($map, &[self])
                }
            )*
        }
    };
}

truths! {
    /// Where the number is no number.
    isnan, Map::IsNan;
    /// Where the number is infinite.
    isinf, Map::IsInfinite;
    /// Where the number is a number that is not infinite.
    isfinite, Map::IsFinite;
    /// Where the number is 0.
    logical_not, Map::IsZero;
}

macro_rules! comparisons {
    ($($(#[$doc:meta])* $method:ident, $binary:expr;)*) => {
        /// 1 where something holds for two values, or a value and a number, element by element, 0
        /// elsewhere; the gradient is 0. What is not 0 is true.
        ///
        /// ```
        /// use model_runtime::prelude::*;
        /// use ndarray::array;
        /// tape::run(Mode::Inference, || {
        ///     let a = Var::from_array(&array![[1.0, 2.0, 3.0]]);
        ///     let b = Var::from_array(&array![[2.0, 2.0, 2.0]]);
        ///     let is = |got: Var, expected: [Float; 3]| {
        ///         assert_eq!(got.to_array(), array![expected].into_dyn());
        ///     };
        ///     is(a.equal(b), [0.0, 1.0, 0.0]);
        ///     is(a.not_equal(b), [1.0, 0.0, 1.0]);
        ///     is(a.greater(b), [0.0, 0.0, 1.0]);
        ///     is(a.greater_equal(b), [0.0, 1.0, 1.0]);
        ///     is(a.less(b), [1.0, 0.0, 0.0]);
        ///     is(a.less_equal(b), [1.0, 1.0, 0.0]);
        ///     is(a.less(b).logical_or(a.greater(b)), [1.0, 0.0, 1.0]);
        ///     is(a.less_equal(b).logical_and(a.greater_equal(b)), [0.0, 1.0, 0.0]);
        ///     is(a.less(2.5), [1.0, 1.0, 0.0]);
        ///     is(a.equal(3), [0.0, 0.0, 1.0]);
        ///     is(a.greater(1).select(a, -1), [-1.0, 2.0, 3.0]);
        /// })?;
        /// # Ok::<(), Error>(())
        /// ```
        impl Var {
            $(
                $(#[$doc])*
                #[track_caller]
                pub fn $method(self, other: impl Into<Var>) -> Var {
                    $binary.call(self, other.into())
                }
            )*

            /// `yes` where this is not 0, `no` elsewhere: NumPy's `where`, whose name is a keyword
            /// of Rust.
            #[track_caller]
            pub fn select(self, yes: impl Into<Var>, no: impl Into<Var>) -> Var {
                choose(self, yes.into(), no.into())
            }
        }
    };
}

comparisons! {
    /// Where both are the same.
    equal, Binary::Equal;
    /// Where they differ.
    not_equal, Binary::NotEqual;
    /// Where this is larger.
    greater, Binary::Greater;
    /// Where this is larger or the same.
    greater_equal, Binary::GreaterEqual;
    /// Where this is smaller.
    less, Binary::Less;
    /// Where this is smaller or the same.
    less_equal, Binary::LessEqual;
    /// Where both are true.
    logical_and, Binary::And;
    /// Where one of them is true.
    logical_or, Binary::Or;
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;
    use crate::Mode;

    #[test]
    fn a_number_is_as_the_same_number_everywhere() {
        tape::run(Mode::Inference, || {
            let x = Var::from_array(&array![[1.0, 2.0], [3.0, -4.0]]);
            let two = x.full_like(2.0);
            let is = |got: Var, expected: Var| assert_eq!(got.to_array(), expected.to_array());
            is(x.less(2.0), x.less(two));
            is(x.less_equal(2), x.less_equal(two));
            is(x.greater(2.0), x.greater(two));
            is(x.greater_equal(2), x.greater_equal(two));
            is(x.equal(2.0), x.equal(two));
            is(x.not_equal(2), x.not_equal(two));
            is(x.maximum(2.0), x.maximum(two));
            is(x.minimum(2), x.minimum(two));
            is(x.pow(2), x.pow(two));
            is(x.logical_and(2.0), x.logical_and(two));
            is(x.logical_or(2), x.logical_or(two));
            is(x.sign().select(2.0, x), x.sign().select(two, x));
            // Of equals, the first gets the gradient.
            let slope = |f: fn(Var) -> Var| tape::grad([x], |[x]| f(x).sum())[0].to_array();
            assert_eq!(slope(|x| x.maximum(2)), array![[0.0, 1.0], [1.0, 0.0]].into_dyn());
            assert_eq!(slope(|x| x.pow(2)), array![[2.0, 4.0], [6.0, -8.0]].into_dyn());
        })
        .unwrap();
    }
}
