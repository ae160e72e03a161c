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
}
