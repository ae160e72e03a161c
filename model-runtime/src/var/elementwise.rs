use super::operators::choose;
use crate::float::Scalar;
use crate::ops::binary::Binary;
use crate::ops::map::Map;
use crate::{Float, Var, tape};

/// Functions of each number; a NaN stays a NaN.
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
        tape::apply(Map::Power(exponent.as_f64()), &[self])
    }

    /// `x` to the power of another value, element by element; NaN below 0, unless the exponent is
    /// whole, and so is the gradient by the exponent there.
    #[track_caller]
    pub fn pow(self, exponent: Var) -> Var {
        Binary::Power.call(self, exponent)
    }

    /// `x` between `least` and `most`, the nearer of them outside, where the gradient is 0.
    #[track_caller]
    pub fn clip(self, least: Float, most: Float) -> Var {
        tape::apply(Map::Clip(least.as_f64(), most.as_f64()), &[self])
    }

    /// The larger of two values, element by element. Of equals the first gets the gradient.
    #[track_caller]
    pub fn maximum(self, other: Var) -> Var {
        Binary::Maximum.call(self, other)
    }

    /// The smaller of two values, element by element. Of equals the first gets the gradient.
    #[track_caller]
    pub fn minimum(self, other: Var) -> Var {
        Binary::Minimum.call(self, other)
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
        /// 1 where something holds for two values, element by element, 0 elsewhere; the gradient is
        /// 0. What is not 0 is true.
        impl Var {
            $(
                $(#[$doc])*
                #[track_caller]
                pub fn $method(self, other: Var) -> Var {
                    $binary.call(self, other)
                }
            )*

            /// `yes` where this is not 0, `no` elsewhere: NumPy's `where`, whose name is a keyword
            /// of Rust.
            #[track_caller]
            pub fn select(self, yes: Var, no: Var) -> Var {
                choose(self, yes, no)
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
