//! Values that are made, not computed.

use model_spec::{Shape, ShapeError};

use super::axes::checked;
use super::shape::bounded;
use crate::float::Scalar;
use crate::pool::{self, Buffer};
use crate::seed::Generator;
use crate::tensor::Tensor;
use crate::{Float, Var, tape};

/// Constants of the running step. Random ones follow from the step's seed and the order of the
/// calls.
///
/// ```
/// use model_runtime::prelude::*;
/// use ndarray::{ArrayD, array};
/// tape::run(Mode::Inference, || {
///     let x = Var::from_array(&array![[1.0, 2.0], [3.0, 4.0]]);
///     let is = |got: Var, expected: ArrayD<Float>| assert_eq!(got.to_array(), expected);
///     is(Var::arange(0.0, 1.0, 0.25), array![0.0, 0.25, 0.5, 0.75].into_dyn());
///     is(x.full_like(0.5), array![[0.5, 0.5], [0.5, 0.5]].into_dyn());
///     is(x.ones_like() - x.zeros_like(), array![[1.0, 1.0], [1.0, 1.0]].into_dyn());
///     let random = Var::random_uniform(&[100], 2.0, 3.0).to_array();
///     assert!(random.iter().all(|number| (2.0..3.0).contains(number)));
///     let coins = Var::bernoulli(&[100], 0.5).to_array();
///     assert!(coins.iter().all(|&coin| coin == 0.0 || coin == 1.0));
/// })?;
/// # Ok::<(), Error>(())
/// ```
impl Var {
    /// Zeros of a shape, sample axis included.
    #[track_caller]
    pub fn zeros(shape: &[usize]) -> Var {
        Var::full(shape, 0.0)
    }

    /// Ones of a shape, sample axis included.
    #[track_caller]
    pub fn ones(shape: &[usize]) -> Var {
        Var::full(shape, 1.0)
    }

    /// The same number everywhere, sample axis included.
    #[track_caller]
    pub fn full(shape: &[usize], value: Float) -> Var {
        made("full", shape, |count| pool::full(count, value))
    }

    /// 0 for each number.
    #[track_caller]
    pub fn zeros_like(self) -> Var {
        self.full_like(0.0)
    }

    /// 1 for each number.
    #[track_caller]
    pub fn ones_like(self) -> Var {
        self.full_like(1.0)
    }

    /// The same for each number.
    #[track_caller]
    pub fn full_like(self, value: Float) -> Var {
        like(self, |count| pool::full(count, value))
    }

    /// The numbers from `start` to `stop`, which is left out, a step apart: one axis.
    #[track_caller]
    pub fn arange(start: Float, stop: Float, step: Float) -> Var {
        let count = ((stop.as_f64() - start.as_f64()) / step.as_f64()).ceil();
        if !(0.0..1e9).contains(&count) {
            let text = format!("arange from {start} to {stop} by {step} has no end");
            return tape::fail_shape(ShapeError::new(&text).help("turn the step round"), &[]);
        }
        let numbers = (0..count as usize).map(|i| start + step * i as Float).collect::<Vec<_>>();
        tape::constant(Tensor::new(Shape::new(&[numbers.len()]), numbers))
    }

    /// Normal numbers of this mean and standard deviation.
    #[track_caller]
    pub fn random_normal(shape: &[usize], mean: Float, stddev: Float) -> Var {
        let mut random = tape::generator();
        made("random_normal", shape, |count| normal(&mut random, count, mean, stddev))
    }

    /// Numbers between the two, the second left out.
    #[track_caller]
    pub fn random_uniform(shape: &[usize], minval: Float, maxval: Float) -> Var {
        let mut random = tape::generator();
        made("random_uniform", shape, |count| uniform(&mut random, count, minval, maxval))
    }

    /// 1 with this probability, else 0.
    #[track_caller]
    pub fn bernoulli(shape: &[usize], p: Float) -> Var {
        let mut random = tape::generator();
        made("bernoulli", shape, |count| coins(&mut random, count, p))
    }
}

type Numbers = Buffer<Float>;

pub(crate) fn normal(random: &mut Generator, count: usize, mean: Float, stddev: Float) -> Numbers {
    random.normals_of(count, mean.as_f64(), stddev.as_f64())
}

pub(crate) fn uniform(
    random: &mut Generator,
    count: usize,
    minval: Float,
    maxval: Float,
) -> Numbers {
    random.uniforms_of(count, minval.as_f64(), maxval.as_f64())
}

pub(crate) fn coins(random: &mut Generator, count: usize, p: Float) -> Numbers {
    random.either(count, p.as_f64(), [1.0, 0.0])
}

/// A number for each of `x`, whose mask stays.
#[track_caller]
pub(crate) fn like(x: Var, numbers: impl FnOnce(usize) -> Numbers) -> Var {
    checked(&[x], |shapes| {
        let numbers = numbers(shapes[0].size().unwrap_or(0));
        let value = tape::constant(Tensor::of(shapes[0], numbers));
        Ok(x.mask().map_or(value, |mask| value.with_mask(mask)))
    })
}

#[track_caller]
fn made(method: &str, shape: &[usize], numbers: impl FnOnce(usize) -> Numbers) -> Var {
    checked(&[], |_| {
        let shape = bounded(method, shape)?;
        let numbers = numbers(shape.size().unwrap_or(0));
        Ok(tape::constant(Tensor::of(shape, numbers)))
    })
}

#[cfg(test)]
mod tests {
    use ndarray::{ArrayD, array};

    use super::*;
    use crate::Mode;

    #[test]
    fn constants_are_what_they_are_called() {
        tape::run(Mode::Inference, || {
            assert_eq!(Var::zeros(&[2]).to_array(), array![0.0, 0.0].into_dyn());
            assert_eq!(Var::ones(&[1, 2]).to_array(), array![[1.0, 1.0]].into_dyn());
            assert_eq!(Var::ones(&[2]).full_like(3.0).to_array(), array![3.0, 3.0].into_dyn());
            assert_eq!(Var::arange(1.0, 2.0, 0.5).to_array(), array![1.0, 1.5].into_dyn());
            assert_eq!(Var::arange(3.0, 0.0, -1.0).to_array(), array![3.0, 2.0, 1.0].into_dyn());
        })
        .unwrap();
        let endless = tape::run(Mode::Inference, || Var::arange(0.0, 1.0, -1.0).shape());
        let text = endless.unwrap_err().to_string();
        assert!(text.starts_with("arange from 0 to 1 by -1 has no end"), "{text}");
    }

    #[test]
    fn random_numbers_follow_from_the_seed_and_have_their_moments() {
        let draw = |seed| -> [ArrayD<Float>; 4] {
            tape::run_seeded(Mode::Inference, seed, || {
                let shape = &[10_000];
                let normal = Var::random_normal(shape, 2.0, 3.0);
                let uniform = Var::random_uniform(shape, -1.0, 3.0);
                let coins = Var::bernoulli(shape, 0.3);
                [normal, uniform, coins, Var::random_normal(shape, 2.0, 3.0)].map(Var::to_array)
            })
            .unwrap()
        };
        let [normal, uniform, coins, again] = draw(1);
        // The mean of 10 000 numbers is off by a hundredth of the deviation; five times that.
        let near = |x: &ArrayD<Float>, mean: Float, stddev: Float| {
            let found = x.mean().unwrap_or(NAN);
            assert!((found - mean).abs() < 0.05 * stddev, "{found}, not {mean}");
            let found = x.std(0.0);
            assert!((found - stddev).abs() < 0.05 * stddev, "{found}, not {stddev}");
        };
        near(&normal, 2.0, 3.0);
        near(&uniform, 1.0, 4.0 / (12.0 as Float).sqrt());
        near(&coins, 0.3, (0.21 as Float).sqrt());
        assert_ne!(normal, again, "each call draws others");
        assert_eq!(draw(1)[0], normal, "the seed decides");
        assert_ne!(draw(2)[0], normal);
    }

    const NAN: Float = Float::NAN;
}
