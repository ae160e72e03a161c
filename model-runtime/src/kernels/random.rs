//! Random bits as numbers. Nothing is fused here: the same bits make the same numbers on every
//! engine.

use super::functions::log_2;
use super::kernel;
use crate::float::Scalar;

/// A number in [0, 1), of 53 of the bits.
#[inline(always)]
pub(crate) fn uniform_of(bits: u64) -> f64 {
    const SHARE: f64 = 1.0 / (1u64 << 53) as f64;
    (bits >> 11) as f64 * SHARE
}

/// A number of the standard normal distribution (Box and Muller, 1958).
#[inline(always)]
pub(crate) fn normal_of([radius, angle]: [u64; 2]) -> f64 {
    let log = core::f64::consts::LN_2 * log_2(1.0 - uniform_of(radius));
    (-2.0 * log).sqrt() * cos_of_turns(uniform_of(angle))
}

/// The cosine of a part of a whole turn, from 0 to 1.
#[inline(always)]
fn cos_of_turns(part: f64) -> f64 {
    // cos 2πp = sin 2πt, where t lies within a quarter of 0; both differences are exact.
    let angle = ((part - 0.5).abs() - 0.25) * (2.0 * core::f64::consts::PI);
    // sin x = x (1 - x² / (2 · 3) (1 - x² / (4 · 5) (…))).
    let square = angle * angle;
    let mut sum = 1.0;
    for k in [20.0, 18.0, 16.0, 14.0, 12.0, 10.0, 8.0, 6.0, 4.0, 2.0] {
        sum = 1.0 - sum * square * (1.0 / (k * (k + 1.0)));
    }
    angle * sum
}

kernel! {
    /// [`uniform_of`] each.
    pub(crate) fn uniforms<T: Scalar>(bits: &[u64], numbers: &mut [T]) {
        for (number, bits) in numbers.iter_mut().zip(bits) {
            *number = T::of(uniform_of(*bits));
        }
    }

    /// [`normal_of`] each two.
    pub(crate) fn normals<T: Scalar>(bits: &[u64], numbers: &mut [T]) {
        for (number, bits) in numbers.iter_mut().zip(bits.as_chunks::<2>().0) {
            *number = T::of(normal_of(*bits));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::engine::tests::on_each;
    use crate::kernels::unless_miri;
    use crate::seed::Generator;

    #[test]
    fn normal_numbers_are_those_of_the_formula_and_the_same_on_every_engine() {
        let mut random = Generator::new(3);
        let mut bits: Vec<u64> =
            (0..unless_miri(100_000, 200)).map(|_| random.below(usize::MAX) as u64).collect();
        // The ends of both ranges, and the quarters of the turn.
        let ends = [0, 1 << 62, 1 << 63, 3 << 62, u64::MAX, 1 << 11];
        bits.extend(ends.iter().flat_map(|&a| ends.map(|b| [a, b])).flatten());
        let results = on_each(|| {
            let mut numbers = vec![0.0; bits.len() / 2];
            normals(&bits, &mut numbers);
            numbers
        });
        for (i, bits) in bits.as_chunks::<2>().0.iter().enumerate() {
            let [a, b] = bits.map(|bits| (bits >> 11) as f64 / (1u64 << 53) as f64);
            let radius = libm::sqrt(-2.0 * libm::log(1.0 - a));
            let expected = radius * libm::cos(2.0 * core::f64::consts::PI * b);
            for (engine, numbers) in &results {
                assert!((numbers[i] - expected).abs() < 1e-14, "{} not {expected}", numbers[i]);
                assert_eq!(numbers[i].to_bits(), normal_of(*bits).to_bits(), "{engine:?}");
            }
        }
    }
}
