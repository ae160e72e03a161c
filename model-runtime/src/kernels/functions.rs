//! exp, ln, tanh and others of one number, without a branch or a call, so that loops over them can
//! be computed for several numbers at once.
//!
//! Those of `f32` are polynomials with a bound against the true value, as a part of it (where that
//! is subnormal, of the smallest normal number); those of `f64`, and what no layer is slow for, are
//! `libm`'s. Both are the same on every machine with one engine, which std does not promise. A NaN
//! stays one; infinities, zeros and what is too large or too small become what IEEE 754 says.
//!
//! With `FUSED`, multiplications and additions are one instruction, where the engine has it: half
//! of the time. Both ways keep the bounds, and differ in last digits.

/// Functions of one number. Not methods, whose names would be those of [`num_traits::Float`].
pub(crate) trait Elementary: Sized {
    /// `eˣ`. In `f32` within 1e-7.
    fn exp<const FUSED: bool>(x: Self) -> Self;

    /// `eˣ - 1`, also for small numbers. In `f32` within 2e-7.
    fn exp_m1<const FUSED: bool>(x: Self) -> Self;

    /// The natural logarithm. In `f32` within 1e-7.
    fn ln<const FUSED: bool>(x: Self) -> Self;

    /// `ln(1 + x)`, also for small numbers. In `f32` within 2e-7.
    fn ln_1p<const FUSED: bool>(x: Self) -> Self;

    /// The hyperbolic tangent. In `f32` within 2.5e-7.
    fn tanh<const FUSED: bool>(x: Self) -> Self;

    /// `1 / (1 + e⁻ˣ)`. In `f32` within 2e-7; what would be subnormal may be any smaller number.
    fn sigmoid<const FUSED: bool>(x: Self) -> Self;

    /// The error function. In `f32` within 2e-7.
    fn erf<const FUSED: bool>(x: Self) -> Self;

    /// The normal distribution function, `½ erfc(-x / √2)`. In `f32` within 1e-6.
    fn normal_cdf<const FUSED: bool>(x: Self) -> Self;

    /// The density of the normal distribution, `exp(-x² / 2) / √(2π)`. In `f32` within 2e-7.
    fn normal_density<const FUSED: bool>(x: Self) -> Self;

    /// `1 / x` of a number that is not negative, without a division, for loops that the processor's
    /// only divider holds up. In `f32` within 2e-7 from 1.2e-38 to 8e37; what is beyond is taken
    /// for the nearest of these.
    fn inverse<const FUSED: bool>(x: Self) -> Self;

    /// By `libm`, within 1 unit of the last digit.
    fn sin(x: Self) -> Self;

    /// By `libm`, within 1 unit of the last digit.
    fn cos(x: Self) -> Self;

    /// `xᵖ`, by `libm`, within 1 unit of the last digit.
    fn pow(x: Self, p: Self) -> Self;
}

macro_rules! free {
    ($($name:ident)*) => {$(
        #[doc = concat!("See [`Elementary::", stringify!($name), "`].")]
        #[inline(always)]
        pub(crate) fn $name<const FUSED: bool, T: Elementary>(x: T) -> T {
            <T as Elementary>::$name::<FUSED>(x)
        }
    )*};
}
free! { exp exp_m1 ln ln_1p tanh sigmoid erf normal_cdf normal_density inverse }

/// See [`Elementary::sin`].
#[inline(always)]
pub(crate) fn sin<T: Elementary>(x: T) -> T {
    <T as Elementary>::sin(x)
}

/// See [`Elementary::cos`].
#[inline(always)]
pub(crate) fn cos<T: Elementary>(x: T) -> T {
    <T as Elementary>::cos(x)
}

/// See [`Elementary::pow`].
#[inline(always)]
pub(crate) fn pow<T: Elementary>(x: T, p: T) -> T {
    <T as Elementary>::pow(x, p)
}

impl Elementary for f64 {
    #[inline(always)]
    fn exp<const FUSED: bool>(x: f64) -> f64 {
        libm::exp(x)
    }

    #[inline(always)]
    fn exp_m1<const FUSED: bool>(x: f64) -> f64 {
        libm::expm1(x)
    }

    #[inline(always)]
    fn ln<const FUSED: bool>(x: f64) -> f64 {
        libm::log(x)
    }

    #[inline(always)]
    fn ln_1p<const FUSED: bool>(x: f64) -> f64 {
        libm::log1p(x)
    }

    #[inline(always)]
    fn tanh<const FUSED: bool>(x: f64) -> f64 {
        libm::tanh(x)
    }

    #[inline(always)]
    fn sigmoid<const FUSED: bool>(x: f64) -> f64 {
        let exp = libm::exp(-x.abs());
        (if x < 0.0 { exp } else { 1.0 }) / (1.0 + exp)
    }

    #[inline(always)]
    fn erf<const FUSED: bool>(x: f64) -> f64 {
        libm::erf(x)
    }

    #[inline(always)]
    fn normal_cdf<const FUSED: bool>(x: f64) -> f64 {
        0.5 * libm::erfc(-x * core::f64::consts::FRAC_1_SQRT_2)
    }

    #[inline(always)]
    fn normal_density<const FUSED: bool>(x: f64) -> f64 {
        libm::exp(-0.5 * x * x) / (2.0 * core::f64::consts::PI).sqrt()
    }

    #[inline(always)]
    fn inverse<const FUSED: bool>(x: f64) -> f64 {
        x.recip()
    }

    #[inline(always)]
    fn sin(x: f64) -> f64 {
        libm::sin(x)
    }

    #[inline(always)]
    fn cos(x: f64) -> f64 {
        libm::cos(x)
    }

    #[inline(always)]
    fn pow(x: f64, p: f64) -> f64 {
        libm::pow(x, p)
    }
}

impl Elementary for f32 {
    #[inline(always)]
    fn exp<const FUSED: bool>(x: f32) -> f32 {
        // What is masked is minus infinity: a product that ends below the least number takes a
        // hundred times as long as one that does not, so it is left out.
        let none = x < -104.0;
        let value = exp_of::<FUSED>(reduced::<FUSED>(if none { 0.0 } else { most(x, 89.0) }));
        if none { 0.0 } else { value }
    }

    #[inline(always)]
    fn exp_m1<const FUSED: bool>(x: f32) -> f32 {
        let value = exp_m1_of::<FUSED>(within(x, -20.0, 89.0));
        if x == 0.0 { x } else { value }
    }

    #[inline(always)]
    fn ln<const FUSED: bool>(x: f32) -> f32 {
        const SUBNORMAL: f32 = (1u32 << 23) as f32;
        let subnormal = x < f32::MIN_POSITIVE;
        let bits = (if subnormal { x * SUBNORMAL } else { x }).to_bits();
        // x = 2ⁿ (1 + m) with 1 + m between √½ and √2.
        let n = (bits.wrapping_sub(core::f32::consts::FRAC_1_SQRT_2.to_bits()) as i32) >> 23;
        let m = f32::from_bits(bits.wrapping_sub((n as u32) << 23)) - 1.0;
        let n = n as f32 - if subnormal { 23.0 } else { 0.0 };
        // Cephes, logf.
        let p = polynomial::<FUSED, 9>(
            m,
            [
                7.037_683_6e-2,
                -1.151_461e-1,
                1.167_699_9e-1,
                -1.242_014_1e-1,
                1.424_932_3e-1,
                -1.666_805_8e-1,
                2.000_071_5e-1,
                -2.499_999_4e-1,
                3.333_333e-1,
            ],
        );
        let square = m * m;
        let low = times::<FUSED>(p * m, square, n * LN_2_LOW);
        let low = times::<FUSED>(-0.5, square, low);
        let value = times::<FUSED>(n, LN_2_HIGH, m + low);
        let value = if x == f32::INFINITY { x } else { value };
        let value = if x == 0.0 { f32::NEG_INFINITY } else { value };
        if x < 0.0 || x.is_nan() { f32::NAN } else { value }
    }

    #[inline(always)]
    fn ln_1p<const FUSED: bool>(x: f32) -> f32 {
        let sum = 1.0 + x;
        // What the sum has lost of x, to first order.
        let lost = (x - (sum - 1.0)) / sum;
        let value = <f32 as Elementary>::ln::<FUSED>(sum);
        let value = if value.is_infinite() { value } else { value + lost };
        if x == 0.0 { x } else { value }
    }

    #[inline(always)]
    fn tanh<const FUSED: bool>(x: f32) -> f32 {
        // From 10 on, 1 is nearest.
        let e = exp_m1_of::<FUSED>(within(2.0 * x, -20.0, 20.0));
        (e / (e + 2.0)).copysign(x)
    }

    #[inline(always)]
    fn sigmoid<const FUSED: bool>(x: f32) -> f32 {
        // From 2¹²⁷·⁵ on, 2ⁿ is infinite, and the quotient 0.
        let (n, r) = reduced::<FUSED>(within(-x, -80.0, 89.0));
        1.0 / times::<FUSED>(exp_m1_of_rest::<FUSED>(r) + 1.0, power_of_two(n), 1.0)
    }

    #[inline(always)]
    fn erf<const FUSED: bool>(x: f32) -> f32 {
        let size = within(x.abs(), 0.0, 10.0);
        let (high, low) = square(size);
        let far = 1.0 - erfc_far::<FUSED>(size, exp_of_sum::<FUSED>(-high, -low));
        if size < 1.0 { erf_near::<FUSED>(x) } else { far.copysign(x) }
    }

    #[inline(always)]
    fn normal_cdf<const FUSED: bool>(x: f32) -> f32 {
        let size = within(x.abs(), 0.0, 14.4);
        let at = size * core::f32::consts::FRAC_1_SQRT_2;
        let (high, low) = square(size);
        let far = 0.5 * erfc_far::<FUSED>(at, exp_of_sum::<FUSED>(-0.5 * high, -0.5 * low));
        let far = if x < 0.0 { far } else { 1.0 - far };
        if at < 1.0 { times::<FUSED>(0.5, erf_near::<FUSED>(at.copysign(x)), 0.5) } else { far }
    }

    #[inline(always)]
    fn normal_density<const FUSED: bool>(x: f32) -> f32 {
        let (high, low) = square(within(x, -14.4, 14.4));
        // 1 / √(2π)
        0.398_942_3 * exp_of_sum::<FUSED>(-0.5 * high, -0.5 * low)
    }

    #[inline(always)]
    fn inverse<const FUSED: bool>(x: f32) -> f32 {
        let x = within(x, f32::MIN_POSITIVE, 8e37);
        // The exponent changes its sign, and the digits go down in a straight line: within an
        // eighth. Each step of Newton's squares the error.
        let mut y = f32::from_bits(0x7ef3_11c7_u32.wrapping_sub(x.to_bits()));
        for _ in 0..3 {
            y *= times::<FUSED>(-x, y, 2.0);
        }
        y
    }

    #[inline(always)]
    fn sin(x: f32) -> f32 {
        libm::sinf(x)
    }

    #[inline(always)]
    fn cos(x: f32) -> f32 {
        libm::cosf(x)
    }

    #[inline(always)]
    fn pow(x: f32, p: f32) -> f32 {
        power(x, p)
    }
}

/// `xᵖ` by way of logarithms in `f64`, whose errors are far below the last digit of an `f32`. The
/// special values are those of IEEE 754.
#[inline(always)]
fn power(x: f32, p: f32) -> f32 {
    // Larger exponents are infinite or zero.
    let exponent = f64::from(p) * log_2(f64::from(x.abs()));
    let size = exp_2(exponent.clamp(-200.0, 200.0)) as f32;
    let whole = p == p.trunc();
    let odd = whole && p.abs() < 16_777_216.0 && (p * 0.5) != (p * 0.5).trunc();
    let size = if x == 0.0 {
        if p > 0.0 { 0.0 } else { f32::INFINITY }
    } else if x.abs() == f32::INFINITY {
        if p > 0.0 { f32::INFINITY } else { 0.0 }
    } else {
        size
    };
    // -0, too, is negative for an odd exponent, and so is minus infinity.
    let value = if odd { size.copysign(x) } else { size };
    let value = if x < 0.0 && x != f32::NEG_INFINITY && !whole { f32::NAN } else { value };
    let value = if x.is_nan() || p.is_nan() { f32::NAN } else { value };
    let one = x == 1.0 || p == 0.0 || (x == -1.0 && p.abs() == f32::INFINITY);
    if one { 1.0 } else { value }
}

/// The logarithm to the base 2 of a number that is positive and finite.
#[inline(always)]
pub(super) fn log_2(x: f64) -> f64 {
    // x = 2ⁿ (1 + m) with 1 + m between √½ and √2.
    let bits = x.to_bits();
    let n = (bits.wrapping_sub(core::f64::consts::FRAC_1_SQRT_2.to_bits()) as i64) >> 52;
    let m = f64::from_bits(bits.wrapping_sub((n as u64) << 52)) - 1.0;
    // ln(1 + m) = 2 artanh(s) = 2 (s + s³ / 3 + s⁵ / 5 + …), with s up to 0.172.
    let s = m / (2.0 + m);
    let square = s * s;
    let mut sum = 1.0 / 17.0;
    for divisor in [15.0, 13.0, 11.0, 9.0, 7.0, 5.0, 3.0, 1.0] {
        sum = sum * square + 1.0 / divisor;
    }
    n as f64 + 2.0 * core::f64::consts::LOG2_E * s * sum
}

/// `2ˣ`, for x from -1000 to 1000; a NaN stays one.
#[inline(always)]
fn exp_2(x: f64) -> f64 {
    // Where a number this large stands, one more in the last bit is one more: adding it rounds.
    const ROUNDING: f64 = (3u64 << 51) as f64;
    let moved = x + ROUNDING;
    let rest = (x - (moved - ROUNDING)) * core::f64::consts::LN_2;
    // eʳ = 1 + r (1 + r / 2 (1 + r / 3 (…))), with r up to 0.347.
    let mut sum = 1.0;
    for divisor in [11.0, 10.0, 9.0, 8.0, 7.0, 6.0, 5.0, 4.0, 3.0, 2.0, 1.0] {
        sum = sum * rest * (1.0 / divisor) + 1.0;
    }
    let n = moved.to_bits().wrapping_sub(ROUNDING.to_bits());
    sum * f64::from_bits(n.wrapping_add(1023) << 52)
}

/// ln 2 in two parts, of which the first times a small whole number is exact (Cody and Waite,
/// 1980; the parts are those of Cephes).
const LN_2_HIGH: f32 = 0.693_359_4;
const LN_2_LOW: f32 = -2.121_944_4e-4;

/// `a · b + c`, rounded once if it is fused.
#[inline(always)]
fn times<const FUSED: bool>(a: f32, b: f32, c: f32) -> f32 {
    if FUSED { a.mul_add(b, c) } else { a * b + c }
}

/// The nearest number up to this one; a NaN stays one.
#[inline(always)]
fn most(x: f32, largest: f32) -> f32 {
    if x > largest { largest } else { x }
}

/// The nearest number in a range; a NaN stays one.
#[inline(always)]
fn within(x: f32, least: f32, largest: f32) -> f32 {
    let x = most(x, largest);
    if x < least { least } else { x }
}

/// `c₀ xᵏ + … + cₖ` (Horner).
#[inline(always)]
fn polynomial<const FUSED: bool, const N: usize>(x: f32, coefficients: [f32; N]) -> f32 {
    let mut sum = coefficients[0];
    for coefficient in &coefficients[1..] {
        sum = times::<FUSED>(sum, x, *coefficient);
    }
    sum
}

/// The whole n nearest to `x / ln 2`, and `x - n ln 2`.
#[inline(always)]
fn reduced<const FUSED: bool>(x: f32) -> (i32, f32) {
    // Where a number this large stands, one more in the last bit is one more: adding it rounds.
    const ROUNDING: f32 = (3u32 << 22) as f32;
    let moved = times::<FUSED>(x, core::f32::consts::LOG2_E, ROUNDING);
    let n = moved - ROUNDING;
    let r = times::<FUSED>(-n, LN_2_LOW, times::<FUSED>(-n, LN_2_HIGH, x));
    (moved.to_bits().wrapping_sub(ROUNDING.to_bits()) as i32, r)
}

/// 2ⁿ, for n from -126 to 128; the last is infinite.
#[inline(always)]
fn power_of_two(n: i32) -> f32 {
    f32::from_bits((n.wrapping_add(127) as u32) << 23)
}

/// `eʳ - 1` for r up to `½ ln 2` from 0 (Cephes, expf).
#[inline(always)]
fn exp_m1_of_rest<const FUSED: bool>(r: f32) -> f32 {
    let p = polynomial::<FUSED, 6>(
        r,
        [1.987_569_1e-4, 1.398_199_9e-3, 8.333_452e-3, 4.166_579_6e-2, 1.666_666_5e-1, 0.5],
    );
    times::<FUSED>(p, r * r, r)
}

/// `2ⁿ eʳ` of what is [`reduced`].
#[inline(always)]
fn exp_of<const FUSED: bool>((n, r): (i32, f32)) -> f32 {
    // In two steps, as 2ⁿ itself may be too large or too small.
    let first = n >> 1;
    let value = exp_m1_of_rest::<FUSED>(r) + 1.0;
    value * power_of_two(first) * power_of_two(n.wrapping_sub(first))
}

/// `eˣ - 1` of a number between -20 and 89; of -0 it is 0.
#[inline(always)]
fn exp_m1_of<const FUSED: bool>(x: f32) -> f32 {
    let (n, r) = reduced::<FUSED>(x);
    // 2ⁿ⁻¹, which is finite for the largest n, too.
    let half = power_of_two(n.wrapping_sub(1));
    2.0 * times::<FUSED>(half, exp_m1_of_rest::<FUSED>(r), half - 0.5)
}

/// exp of a number between -104 and 89 and one that is small against it.
#[inline(always)]
fn exp_of_sum<const FUSED: bool>(x: f32, low: f32) -> f32 {
    let (n, r) = reduced::<FUSED>(x);
    exp_of::<FUSED>((n, r + low))
}

/// The square in two parts without an error: that of the upper digits, and the rest (Dekker, 1971).
#[inline(always)]
fn square(x: f32) -> (f32, f32) {
    let upper = f32::from_bits(x.to_bits() & 0xffff_f000);
    (upper * upper, (x - upper) * (x + upper))
}

/// erf up to 1 from 0 (Cephes, ndtrf).
#[inline(always)]
fn erf_near<const FUSED: bool>(x: f32) -> f32 {
    let p = polynomial::<FUSED, 7>(
        x * x,
        [
            7.853_861_4e-5,
            -8.010_193_6e-4,
            5.188_327_7e-3,
            -2.685_381_2e-2,
            1.128_358_5e-1,
            -3.761_262_6e-1,
            core::f32::consts::FRAC_2_SQRT_PI,
        ],
    );
    x * p
}

/// 1 - erf from 1 on, given `exp(-x²)` (Cephes, ndtrf).
#[inline(always)]
fn erfc_far<const FUSED: bool>(x: f32, exp: f32) -> f32 {
    let inverse = x.recip();
    let square = inverse * inverse;
    let middle = polynomial::<FUSED, 9>(
        square,
        [
            2.326_819_9e-2,
            -1.387_039_4e-1,
            3.687_424_7e-1,
            -5.824_733e-1,
            6.210_004_6e-1,
            -4.944_515_3e-1,
            3.404_88e-1,
            -2.741_127e-1,
            5.638_259_4e-1,
        ],
    );
    let far = polynomial::<FUSED, 8>(
        square,
        [
            -1.047_766_4e1,
            1.297_72e1,
            -7.495_518_7,
            2.921_019,
            -1.015_265_3,
            4.218_463_4e-1,
            -2.820_767_4e-1,
            5.641_895e-1,
        ],
    );
    exp * inverse * if x < 2.0 { middle } else { far }
}

#[cfg(test)]
#[path = "functions_tests.rs"]
mod tests;
