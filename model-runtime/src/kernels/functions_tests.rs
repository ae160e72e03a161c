use super::*;

/// Numbers of every exponent and both signs, subnormal ones included, and those that matter.
fn wide() -> Vec<f32> {
    // A prime step, so that all of the digits change.
    let positive = (0..0x7f80_0000_u32).step_by(99_991).map(f32::from_bits);
    // The range in which most functions are neither 0 nor 1 nor infinite, more closely.
    let close = (0..40_000).map(|i| i as f32 * 0.0027);
    positive.chain(close).chain([f32::MAX, 1.0]).flat_map(|x| [x, -x]).collect()
}

/// The largest error as a part of the true value, which is `libm`'s in `f64`. Subnormal results
/// have fewer digits: there it is a part of the smallest normal number. From `least` on.
fn error(ours: fn(f32) -> f32, theirs: fn(f64) -> f64, least: f32) -> (f64, f32) {
    let mut worst = (0.0, 0.0);
    for x in wide().into_iter().filter(|x| *x >= least) {
        let (found, expected) = (ours(x), theirs(f64::from(x)));
        if expected.is_nan() || (expected as f32).is_infinite() {
            let same = found == expected as f32 || found.is_nan() && expected.is_nan();
            assert!(same, "{found} of {x}, not {expected}");
            continue;
        }
        let scale = expected.abs().max(f64::from(f32::MIN_POSITIVE));
        let error = (f64::from(found) - expected).abs() / scale;
        assert!(error.is_finite(), "{found} of {x}, not {expected}");
        if error > worst.0 {
            worst = (error, x);
        }
    }
    worst
}

fn sigmoid64(x: f64) -> f64 {
    if x < 0.0 { libm::exp(x) / (1.0 + libm::exp(x)) } else { 1.0 / (1.0 + libm::exp(-x)) }
}

fn cdf64(x: f64) -> f64 {
    0.5 * libm::erfc(-x / 2.0_f64.sqrt())
}

fn density64(x: f64) -> f64 {
    libm::exp(-x * x / 2.0) / (2.0 * core::f64::consts::PI).sqrt()
}

type Function = fn(f32) -> f32;
type Case = (&'static str, Function, fn(f64) -> f64, f64);

/// The bounds are those of the documentation of [`Elementary`].
fn cases<const FUSED: bool>() -> [Case; 9] {
    [
        ("exp", exp::<FUSED, _>, libm::exp, 1e-7),
        ("exp_m1", exp_m1::<FUSED, _>, libm::expm1, 2e-7),
        ("ln", ln::<FUSED, _>, libm::log, 1e-7),
        ("ln_1p", ln_1p::<FUSED, _>, libm::log1p, 2e-7),
        ("tanh", tanh::<FUSED, _>, libm::tanh, 2.5e-7),
        ("sigmoid", sigmoid::<FUSED, _>, sigmoid64, 2e-7),
        ("erf", erf::<FUSED, _>, libm::erf, 2e-7),
        ("normal_cdf", normal_cdf::<FUSED, _>, cdf64, 1e-6),
        ("normal_density", normal_density::<FUSED, _>, density64, 2e-7),
    ]
}

#[test]
fn errors_stay_below_the_bounds() {
    for (name, ours, theirs, bound) in cases::<false>().into_iter().chain(cases::<true>()) {
        let least = if name == "sigmoid" { -87.3 } else { f32::NEG_INFINITY };
        let (error, at) = error(ours, theirs, least);
        println!("{name}: {error:e} at {at:e}");
        assert!(error < bound, "{name}: {error:e} at {at:e}");
    }
}

#[test]
fn a_sigmoid_has_no_digits_where_it_is_subnormal() {
    for x in wide().into_iter().filter(|x| *x < -87.3) {
        for y in [sigmoid::<false, _>(x), sigmoid::<true, _>(x)] {
            assert!((0.0..=1.2 * f32::MIN_POSITIVE).contains(&y), "{y} of {x}");
        }
    }
}

#[test]
fn inverses_are_those_of_a_division_and_never_infinite() {
    inverses(inverse::<false, _>);
    inverses(inverse::<true, _>);
}

fn inverses(inverse: Function) {
    for x in wide().into_iter().filter(|x| *x >= 0.0).chain([0.0, f32::INFINITY]) {
        let found = f64::from(inverse(x));
        let expected = 1.0 / f64::from(x).clamp(f64::from(f32::MIN_POSITIVE), 8e37);
        assert!((found / expected - 1.0).abs() < 2e-7, "{found} of {x}, not {expected}");
    }
    assert!(inverse(f32::NAN).is_nan());
}

#[test]
fn special_numbers() {
    special::<false>();
    special::<true>();
}

fn special<const FUSED: bool>() {
    let (inf, nan) = (f32::INFINITY, f32::NAN);
    for (name, f, ..) in cases::<FUSED>() {
        assert!(f(nan).is_nan() && f(-nan).is_nan(), "{name} loses a NaN");
    }
    let cases: [(Function, [f32; 4]); 9] = [
        // At ∞, -∞, 0 and -0.
        (exp::<FUSED, _>, [inf, 0.0, 1.0, 1.0]),
        (exp_m1::<FUSED, _>, [inf, -1.0, 0.0, -0.0]),
        (ln::<FUSED, _>, [inf, nan, -inf, -inf]),
        (ln_1p::<FUSED, _>, [inf, nan, 0.0, -0.0]),
        (tanh::<FUSED, _>, [1.0, -1.0, 0.0, -0.0]),
        (sigmoid::<FUSED, _>, [1.0, 0.0, 0.5, 0.5]),
        (erf::<FUSED, _>, [1.0, -1.0, 0.0, -0.0]),
        (normal_cdf::<FUSED, _>, [1.0, 0.0, 0.5, 0.5]),
        (normal_density::<FUSED, _>, [0.0, 0.0, 0.398_942_3, 0.398_942_3]),
    ];
    for (f, expected) in cases {
        let found = [inf, -inf, 0.0, -0.0].map(f);
        for (found, expected) in found.into_iter().zip(expected) {
            let same = found.to_bits() == expected.to_bits();
            assert!(same || found.is_nan() && expected.is_nan(), "{found}, not {expected}");
        }
    }
    assert_eq!(ln_1p::<FUSED, f32>(-1.0), -inf);
    assert!(ln::<FUSED, f32>(-1e-40_f32).is_nan() && ln_1p::<FUSED, f32>(-1.1_f32).is_nan());
    // The last that are finite, and the last that are not 0.
    assert!(exp::<FUSED, f32>(88.722_83_f32).is_finite() && exp::<FUSED, f32>(88.722_85) == inf);
    assert!(exp::<FUSED, f32>(-103.9_f32) > 0.0 && exp::<FUSED, f32>(-104.1_f32) == 0.0);
    assert!(
        exp_m1::<FUSED, f32>(88.722_83_f32).is_finite() && exp_m1::<FUSED, f32>(88.722_85) == inf
    );
}

#[test]
fn powers_are_the_nearest_number_or_the_one_beside_it() {
    let powers = [0.5, -0.5, 1.5, 2.0, 3.0, -1.0, -2.0, 0.3333, 7.7, -20.3, 0.001, 60.0];
    let numbers = || wide().into_iter().map(f32::abs).filter(|x| *x > 0.0 && x.is_finite());
    for p in powers {
        for x in numbers() {
            let expected = f64::from(x).powf(f64::from(p)) as f32;
            let found = pow(x, p);
            let apart = found.to_bits().abs_diff(expected.to_bits());
            assert!(apart <= 1, "{x} to the power of {p}: {found}, not {expected}");
            if p == p.trunc() {
                assert_eq!(pow(-x, p), found.copysign(if p % 2.0 == 0.0 { 1.0 } else { -1.0 }));
            } else {
                assert!(pow(-x, p).is_nan());
            }
        }
    }
}

#[test]
fn powers_of_and_to_special_numbers_are_those_of_the_standard() {
    let numbers = [0.0, 0.5, 1.0, 2.0, 3.0, 1e-40, 16_777_217.0, f32::MAX, f32::INFINITY];
    let signed = || numbers.into_iter().flat_map(|x| [x, -x]).chain([f32::NAN]);
    for x in signed() {
        for p in signed() {
            let (found, expected) = (pow(x, p), x.powf(p));
            let same = found.to_bits() == expected.to_bits() || found.is_nan() && expected.is_nan();
            assert!(same, "{x} to the power of {p}: {found}, not {expected}");
        }
    }
}
