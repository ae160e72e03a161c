//! Functions that work on each element alone. Formula and derivative stand side by side.

use super::strided::{Strided, zip};
use crate::float::Scalar;
use crate::kernels::functions::{
    cos, erf, exp, exp_m1, ln, ln_1p, normal_cdf, normal_density, pow, sigmoid, sin, tanh,
};
use crate::kernels::{kernel, parts};
use crate::pool;
use crate::tape::{Op, Recorded, Step};
use crate::tensor::Tensor;

/// Defines [`Map`] from a table: name and parameters, the function of `x`, and its derivative at
/// `x`, where the function's value is `y`.
macro_rules! maps {
    (@number $parameter:ident) => { f64 };
    ($(
        $(#[$doc:meta])*
        $name:ident $(($($parameter:ident),+))?: |$x:ident| $f:expr, |$at:ident, $y:ident| $df:expr;
    )*) => {
        /// A function of one number.
        #[derive(Clone, Copy, PartialEq, Debug)]
        pub(crate) enum Map {
            $($(#[$doc])* $name $(($(maps!(@number $parameter)),+))?,)*
        }

        kernel! {
            /// Replaces each number by the function's value.
            fn apply<T: Scalar>(map: Map, numbers: &mut [T]) in (numbers.len()) {
                match map {$(
                    Map::$name $(($($parameter),+))? => {
                        $($(let $parameter = T::of($parameter);)+)?
                        for number in numbers {
                            *number = {
                                let $x = *number;
                                $f
                            };
                        }
                    }
                )*}
            }

            /// See [`Map::pull`].
            #[allow(unused_variables, reason = "not every derivative has every parameter")]
            fn pull<T: Scalar>(
                map: Map, x: &[T], y: &[T], dy: &[T], dx: &mut [T], add: bool,
            ) in (dx.len()) {
                match map {$(
                    Map::$name $(($($parameter),+))? => {
                        $($(let $parameter = T::of($parameter);)+)?
                        for (((dx, x), y), dy) in dx.iter_mut().zip(x).zip(y).zip(dy) {
                            let ($at, $y) = (*x, *y);
                            let slope = *dy * $df;
                            *dx = if add { *dx + slope } else { slope };
                        }
                    }
                )*}
            }
        }
    };
}

// Comparisons are written so that a NaN fails them and passes through.
maps! {
    Linear: |x| x, |_x, _y| T::one();
    Relu:
        |x| {
            let x = fresh(x);
            if x < T::zero() { T::zero() } else { x }
        },
        |x, _y| step(x > T::zero());
    /// Parameters: slope below the threshold, threshold, largest value.
    ReluWith(slope, threshold, most):
        |x| if x >= most { most }
            else if x < threshold { below(slope, x - threshold) }
            else { fresh(x) },
        |x, _y| if x >= most { T::zero() } else if x < threshold { slope } else { T::one() };
    LeakyRelu(slope):
        |x| if x < T::zero() { below(slope, x) } else { fresh(x) },
        |x, _y| if x > T::zero() { T::one() } else { slope };
    Relu6: |x| clip(x, T::zero(), T::of(6.0)), |x, _y| step(x > T::zero() && x < T::of(6.0));
    Sigmoid: |x| sigmoid::<FUSED, _>(x), |_x, y| y * (T::one() - y);
    Tanh: |x| tanh::<FUSED, _>(x), |_x, y| T::one() - y * y;
    /// `scale · x` above 0, `scale · alpha · (exp(x) - 1)` below.
    Elu(alpha, scale):
        |x| if x > T::zero() { scale * x } else { scale * alpha * exp_m1::<FUSED, _>(x) },
        |x, y| if x > T::zero() { scale } else { y + scale * alpha };
    Gelu:
        |x| x * normal_cdf::<FUSED, _>(x),
        |x, _y| normal_cdf::<FUSED, _>(x) + x * normal_density::<FUSED, _>(x);
    /// `x · sigmoid(x · (a · x² + b))`; Gelu nearly, for the numbers of its paper.
    GeluTanh(a, b):
        |x| x * sigmoid::<FUSED, _>(x * (a * x * x + b)),
        |x, _y| {
            let part = sigmoid::<FUSED, _>(x * (a * x * x + b));
            part + x * part * (T::one() - part) * (T::of(3.0) * a * x * x + b)
        };
    Silu:
        |x| x * sigmoid::<FUSED, _>(x),
        |x, _y| sigmoid::<FUSED, _>(x) * (T::one() + x * (T::one() - sigmoid::<FUSED, _>(x)));
    Softplus: |x| softplus::<FUSED, _>(x), |x, _y| sigmoid::<FUSED, _>(x);
    Softsign: |x| x / (T::one() + x.abs()), |x, _y| square(T::one() + x.abs()).recip();
    HardSigmoid:
        |x| hard_sigmoid(x),
        |x, _y| step::<T>(x.abs() < T::of(3.0)) / T::of(6.0);
    HardSilu:
        |x| x * hard_sigmoid(x),
        |x, _y| if x.abs() < T::of(3.0) { x / T::of(3.0) + T::of(0.5) }
            else { step(x > T::zero()) };
    Mish:
        |x| x * tanh::<FUSED, _>(softplus::<FUSED, _>(x)),
        |x, _y| {
            let part = tanh::<FUSED, _>(softplus::<FUSED, _>(x));
            part + x * (T::one() - part * part) * sigmoid::<FUSED, _>(x)
        };
    LogSigmoid: |x| -softplus::<FUSED, _>(-x), |x, _y| sigmoid::<FUSED, _>(-x);
    Celu(alpha):
        |x| if x > T::zero() { x } else { alpha * exp_m1::<FUSED, _>(x / alpha) },
        |x, y| if x > T::zero() { T::one() } else { y / alpha + T::one() };
    HardShrink(threshold):
        |x| if x.abs() <= threshold { T::zero() } else { x },
        |x, _y| step(x.abs() > threshold);
    SoftShrink(threshold):
        |x| if x.abs() <= threshold { T::zero() } else { x - sign(x) * threshold },
        |x, _y| step(x.abs() > threshold);
    TanhShrink: |x| x - tanh::<FUSED, _>(x), |x, _y| square(tanh::<FUSED, _>(x));
    /// Parameters: threshold, and what is put in place of numbers that are not above it.
    Threshold(threshold, value):
        |x| if x <= threshold { value } else { x },
        |x, _y| step(x > threshold);
    Squareplus(b):
        |x| (x + (x * x + b).sqrt()) / T::of(2.0),
        |x, _y| (T::one() + x / (x * x + b).sqrt()) / T::of(2.0);
    SparsePlus:
        |x| if x <= -T::one() { T::zero() }
            else if x < T::one() { square(x + T::one()) / T::of(4.0) }
            else { x },
        |x, _y| clip((x + T::one()) / T::of(2.0), T::zero(), T::one());
    SparseSigmoid:
        |x| clip((x + T::one()) / T::of(2.0), T::zero(), T::one()),
        |x, _y| step::<T>(x.abs() < T::one()) / T::of(2.0);
    Abs: |x| x.abs(), |x, _y| sign(x);
    Sign: |x| sign(x), |_x, _y| T::zero();
    Square: |x| square(x), |x, _y| x + x;
    Sqrt: |x| x.sqrt(), |_x, y| T::of(0.5) / y;
    Rsqrt: |x| x.sqrt().recip(), |_x, y| T::of(-0.5) * y * y * y;
    Exp: |x| exp::<FUSED, _>(x), |_x, y| y;
    Log: |x| ln::<FUSED, _>(x), |x, _y| x.recip();
    Log1p: |x| ln_1p::<FUSED, _>(x), |x, _y| (T::one() + x).recip();
    Expm1: |x| exp_m1::<FUSED, _>(x), |_x, y| y + T::one();
    Sin: |x| sin(x), |x, _y| cos(x);
    Cos: |x| cos(x), |x, _y| -sin(x);
    Erf:
        |x| erf::<FUSED, _>(x),
        |x, _y| T::of(core::f64::consts::FRAC_2_SQRT_PI) * exp::<FUSED, _>(-x * x);
    Floor: |x| x.floor(), |_x, _y| T::zero();
    Ceil: |x| x.ceil(), |_x, _y| T::zero();
    Round: |x| round(x), |_x, _y| T::zero();
    Trunc: |x| x.trunc(), |_x, _y| T::zero();
    IsNan: |x| step(x.is_nan()), |_x, _y| T::zero();
    IsInfinite: |x| step(x.is_infinite()), |_x, _y| T::zero();
    IsFinite: |x| step(x.is_finite()), |_x, _y| T::zero();
    /// 1 where the number is 0, or is not.
    IsZero: |x| step(x == T::zero()), |_x, _y| T::zero();
    IsNotZero: |x| step(x != T::zero()), |_x, _y| T::zero();
    Neg: |x| -x, |_x, _y| -T::one();
    Clip(least, most):
        |x| clip(x, least, most),
        |x, _y| step(x >= least && x <= most);
    Power(p):
        |x| power(x, p),
        |x, _y| if p == T::zero() { T::zero() } else { p * power(x, p - T::one()) };
    /// `x + c`.
    Plus(c): |x| x + c, |_x, _y| T::one();
    /// `x · c`.
    Times(c): |x| x * c, |_x, _y| c;
    /// `x / c`.
    DividedBy(c): |x| x / c, |_x, _y| c.recip();
    /// `c - x`.
    From(c): |x| c - x, |_x, _y| -T::one();
    /// `c / x`.
    Into(c): |x| c / x, |x, y| -y / x;
}

parts::same! { [] Map; }

impl Map {
    /// Replaces each number by the function's value.
    pub fn apply<T: Scalar>(self, numbers: &mut [T]) {
        apply(self, numbers);
    }

    /// The derivative at each `x`, where the function's value is `y`, times `dy`; added to what is
    /// in `dx` if `add` is set.
    pub fn pull<T: Scalar>(self, x: &[T], y: &[T], dy: &[T], dx: &mut [T], add: bool) {
        pull(self, x, y, dy, dx, add);
    }

    /// Keras's `elu` with alpha = 1.
    pub const ELU: Map = Map::Elu(1.0, 1.0);

    /// The constants that keep mean and variance (Klambauer et al., 2017).
    pub const SELU: Map = Map::Elu(1.673_263_242_354_377_2, 1.050_700_987_355_480_5);

    /// Whether the derivative looks at `x`. Where it does not, `y` may stand for it: the derivative
    /// asks only for the sign, which is the same.
    pub fn needs_input(self) -> bool {
        match self {
            Map::Linear | Map::Relu | Map::Relu6 | Map::Sigmoid | Map::Tanh | Map::Exp => false,
            Map::Elu(alpha, scale) => alpha < 0.0 || scale < 0.0,
            Map::LeakyRelu(slope) => slope < 0.0,
            _ => true,
        }
    }
}

/// 1 where the condition holds, 0 elsewhere.
#[inline(always)]
fn step<T: Scalar>(condition: bool) -> T {
    if condition { T::one() } else { T::zero() }
}

/// `slope · x`, which is 0 for a slope of 0 even where `x` is infinite.
#[inline(always)]
fn below<T: Scalar>(slope: T, x: T) -> T {
    if slope == T::zero() { T::zero() } else { slope * x }
}

/// -1, 0 or 1.
#[inline(always)]
fn sign<T: Scalar>(x: T) -> T {
    if x == T::zero() || x.is_nan() { x } else { x.signum() }
}

/// The nearest whole number; of two, the even one.
#[inline(always)]
fn round<T: Scalar>(x: T) -> T {
    let two = T::of(2.0);
    if (x - x.trunc()).abs() == T::of(0.5) { (x / two).round() * two } else { x.round() }
}

#[inline(always)]
fn clip<T: Scalar>(x: T, least: T, most: T) -> T {
    let x = fresh(x);
    if x < least {
        least
    } else if x > most {
        most
    } else {
        x
    }
}

/// x, but 0 for -0. Where a loop leaves some of its numbers as they are, the compiler would store
/// the others alone, which costs four times as much on AVX2 of AMD.
#[inline(always)]
fn fresh<T: Scalar>(x: T) -> T {
    x + T::zero()
}

#[inline(always)]
fn square<T: Scalar>(x: T) -> T {
    x * x
}

/// `xᵖ`; the powers that are asked for most do not need a logarithm.
#[inline(always)]
fn power<T: Scalar>(x: T, p: T) -> T {
    if p == T::one() {
        x
    } else if p == T::of(2.0) {
        square(x)
    } else {
        pow(x, p)
    }
}

/// `log(1 + exp(x))`, without an overflow.
#[inline(always)]
fn softplus<const FUSED: bool, T: Scalar>(x: T) -> T {
    x.max(T::zero()) + ln_1p::<FUSED, _>(exp::<FUSED, _>(-x.abs()))
}

#[inline(always)]
fn hard_sigmoid<T: Scalar>(x: T) -> T {
    clip(x / T::of(6.0) + T::of(0.5), T::zero(), T::one())
}

impl<T: Scalar> Op<T> for Map {
    fn keeps_mask(&self) -> bool {
        true
    }

    fn forward(&mut self, inputs: &[&Tensor<T>]) -> Tensor<T> {
        let (x, shape) = (inputs[0].data(), *inputs[0].shape());
        let mut y = pool::unset(x.len());
        zip(&[x.len()], [Strided::new(x, &[1])], &mut y, &|[x], y| {
            y.copy_from_slice(x);
            self.apply(y);
        });
        Tensor::of(shape, y)
    }

    fn backward(&self, step: &mut Step<'_, T>) {
        let (x, y, dy) = (step.inputs[0].data(), step.output.data(), step.gradient);
        step.write(0, |dx, add| self.pull(x, y, dy, dx, add));
    }

    fn backward_recorded(&self, step: &mut Recorded) {
        let (x, y, dy) = (step.inputs[0], step.output, step.gradient);
        step.add(0, || self.pull_recorded(x, y, dy));
    }
}

#[cfg(test)]
mod tests {
    use model_spec::Shape;

    use super::*;
    use crate::gradcheck::{check, random};
    use crate::kernels::engine::tests::on_each;

    /// Every map that is defined for all numbers.
    const ALL: [Map; 44] = [
        Map::Linear,
        Map::Relu,
        Map::ReluWith(0.1, 0.3, 0.6),
        Map::LeakyRelu(0.2),
        Map::LeakyRelu(-0.5),
        Map::Relu6,
        Map::Sigmoid,
        Map::Tanh,
        Map::ELU,
        Map::SELU,
        Map::Elu(-0.5, 1.0),
        Map::Gelu,
        Map::GeluTanh(0.07, 1.6),
        Map::Silu,
        Map::Softplus,
        Map::Softsign,
        Map::HardSigmoid,
        Map::HardSilu,
        Map::Mish,
        Map::LogSigmoid,
        Map::Celu(0.7),
        Map::HardShrink(0.5),
        Map::SoftShrink(0.3),
        Map::TanhShrink,
        Map::Threshold(0.2, -3.0),
        Map::Squareplus(4.0),
        Map::SparsePlus,
        Map::SparseSigmoid,
        Map::Expm1,
        Map::Sin,
        Map::Cos,
        Map::Erf,
        Map::Round,
        Map::Trunc,
        Map::Abs,
        Map::Square,
        Map::Exp,
        Map::Neg,
        Map::Clip(-0.5, 0.4),
        Map::Power(3.0),
        Map::Plus(2.0),
        Map::Times(-3.0),
        Map::DividedBy(0.7),
        Map::From(1.5),
    ];

    #[test]
    fn gradients() {
        for map in ALL {
            check(|| map, &[random(&[3, 4], 1)]);
            // Far out, where the bounds of the clipped ones lie.
            let far = [-7.1, -4.4, -2.1, 2.1, 4.4, 7.1].to_vec();
            check(|| map, &[Tensor::new(Shape::new(&[6]), far)]);
        }
        let positive = || Tensor::new(Shape::new(&[5]), vec![0.3, 0.7, 1.0, 2.5, 9.0]);
        for map in [
            Map::Sqrt,
            Map::Rsqrt,
            Map::Log,
            Map::Log1p,
            Map::Power(0.5),
            Map::Power(-1.5),
            Map::Power(0.0),
            Map::Into(2.0),
            Map::Sign,
            Map::IsNan,
            Map::IsInfinite,
            Map::IsFinite,
            Map::IsZero,
            Map::IsNotZero,
        ] {
            check(|| map, &[positive()]);
        }
        // Not at 1, where these jump.
        for map in [Map::Floor, Map::Ceil] {
            check(|| map, &[random(&[3, 4], 1)]);
        }
    }

    #[test]
    fn engines_differ_in_last_digits_only() {
        let x = random::<f32>(&[77], 3);
        let x: Vec<f32> = x.data().iter().enumerate().map(|(i, x)| x * i as f32).collect();
        for map in ALL {
            let results = on_each(|| {
                let (mut y, mut dx) = (x.clone(), vec![0.5; x.len()]);
                map.apply(&mut y);
                map.pull(&x, &y, &x, &mut dx, true);
                [y, dx].concat()
            });
            for (engine, result) in &results {
                for (found, expected) in result.iter().zip(&results[0].1) {
                    let most = 1e-6 * expected.abs().max(1.0);
                    let near = (found - expected).abs() <= most || found == expected;
                    assert!(near, "{map:?} on {engine:?}: {found}, not {expected}");
                }
            }
        }
    }

    fn value(map: Map, x: f64) -> f64 {
        let mut numbers = [x];
        map.apply(&mut numbers);
        numbers[0]
    }

    #[test]
    fn a_nan_passes_through_every_map() {
        for map in ALL.into_iter().chain([Map::Sign, Map::Sqrt, Map::Log1p, Map::Into(1.0)]) {
            assert!(value(map, f64::NAN).is_nan(), "{map:?}");
        }
    }

    #[test]
    fn values_are_those_of_the_definitions() {
        // From tables of erf and of the definitions in Keras's documentation.
        let cases = [
            (Map::Gelu, 1.0, 0.841_344_746_068_542_9),
            (Map::Gelu, -2.0, -0.045_500_263_896_358_42),
            (Map::Silu, 1.0, 0.731_058_578_630_004_9),
            (Map::Softplus, 0.0, core::f64::consts::LN_2),
            (Map::Softplus, 1000.0, 1000.0),
            (Map::Softplus, -1000.0, 0.0),
            (Map::Softsign, -3.0, -0.75),
            (Map::HardSigmoid, 1.5, 0.75),
            (Map::HardSilu, 1.5, 1.125),
            (Map::Mish, 1.0, 0.865_098_388_267_290_8),
            (Map::SELU, 2.0, 2.101_401_974_710_961),
            (Map::ELU, -1.0, -0.632_120_558_828_557_7),
            (Map::ReluWith(0.5, 1.0, 6.0), 9.0, 6.0),
            (Map::ReluWith(0.5, 1.0, 6.0), 0.0, -0.5),
            (Map::ReluWith(0.0, 0.0, 6.0), f64::NEG_INFINITY, 0.0),
            // From the definitions, by hand.
            (Map::LogSigmoid, 0.0, -core::f64::consts::LN_2),
            (Map::LogSigmoid, -1000.0, -1000.0),
            (Map::Celu(2.0), -2.0, 2.0 * -0.632_120_558_828_557_7),
            (Map::HardShrink(0.5), 0.5, 0.0),
            (Map::HardShrink(0.5), -0.75, -0.75),
            (Map::SoftShrink(0.5), -0.75, -0.25),
            (Map::SoftShrink(0.5), 0.25, 0.0),
            (Map::TanhShrink, 1.0, 1.0 - 0.761_594_155_955_764_9),
            (Map::Threshold(1.0, 7.0), 1.0, 7.0),
            (Map::Squareplus(5.0), 2.0, 2.5),
            (Map::SparsePlus, 0.5, 0.5625),
            (Map::SparsePlus, -3.0, 0.0),
            (Map::SparseSigmoid, 0.5, 0.75),
            (Map::Erf, 1.0, 0.842_700_792_949_714_9),
            (Map::Round, 2.5, 2.0),
            (Map::Round, -1.5, -2.0),
            (Map::Round, 0.49, 0.0),
            (Map::Trunc, -1.7, -1.0),
            (Map::IsNan, f64::NAN, 1.0),
            (Map::IsFinite, f64::INFINITY, 0.0),
            (Map::IsInfinite, f64::NEG_INFINITY, 1.0),
            (Map::IsZero, 0.0, 1.0),
            (Map::IsNotZero, f64::NAN, 1.0),
            (Map::Sign, -0.3, -1.0),
            (Map::Sign, 0.0, 0.0),
        ];
        for (map, x, y) in cases {
            assert!((value(map, x) - y).abs() < 1e-9, "{map:?} of {x}: {}", value(map, x));
        }
    }
}
