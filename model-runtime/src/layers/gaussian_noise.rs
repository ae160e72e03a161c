use model_spec::ArgValue;
use model_spec::layers::gaussian_noise::ENTRY;

use super::accepts;
use super::support::{generator, one_input, seed_argument};
use crate::float::Scalar;
use crate::ops::binary::Binary;
use crate::tensor::Tensor;
use crate::{Float, Mode, Var, tape};

/// While training, a normal random number of this standard deviation is added to each; else the
/// input itself;
/// [Keras's `GaussianNoise`](https://keras.io/api/layers/regularization_layers/gaussian_noise/).
///
/// - Input: `(samples, …)`. Output: the same shape.
///
/// ```
/// use model_runtime::prelude::*;
/// let layer = GaussianNoise::new(0.1);
/// let y = tape::run(Mode::Inference, || {
///     layer.call(Var::from_array(&ndarray::array![[1.0, 2.0]])).to_array()
/// })?;
/// assert_eq!(y, ndarray::array![[1.0, 2.0]].into_dyn());
/// # Ok::<(), Error>(())
/// ```
///
/// A seed of its own is mixed with that of the step:
///
/// ```
/// use model_runtime::prelude::*;
/// use ndarray::Array2;
/// let draw = |seed| {
///     let layer = GaussianNoise::new(0.1).seed(seed);
///     let x = Array2::<Float>::ones((4, 8));
///     tape::run(Mode::Training, || layer.call(Var::from_array(&x)).to_array())
/// };
/// assert_eq!(draw(1)?, draw(1)?);
/// assert_ne!(draw(1)?, draw(2)?);
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct GaussianNoise {
    stddev: Float,
    seed: Option<u64>,
}

one_input!(GaussianNoise);
seed_argument!(GaussianNoise);

impl GaussianNoise {
    /// Noise of this standard deviation, in [0, 1].
    pub fn new(stddev: Float) -> GaussianNoise {
        GaussianNoise { stddev, seed: None }
    }

    #[track_caller]
    fn run(&self, inputs: &[Var]) -> Var {
        let args = [ArgValue::Float(self.stddev.as_f64()), ArgValue::Unset];
        match accepts(&ENTRY, &args, inputs) {
            Ok(_) => disturb(inputs[0], Binary::Add, 0.0, self.stddev.as_f64(), self.seed),
            Err(poison) => poison,
        }
    }
}

/// While training, joins each number with a normal random one.
#[track_caller]
pub(super) fn disturb(x: Var, by: Binary, mean: f64, stddev: f64, seed: Option<u64>) -> Var {
    if tape::mode() == Mode::Inference || stddev == 0.0 {
        return x;
    }
    let shape = x.shape();
    let noise = generator(seed).normals_of(shape.size().unwrap_or(0), mean, stddev);
    tape::apply(by, &[x, tape::constant(Tensor::of(shape, noise))])
}

#[cfg(test)]
mod tests {
    use ndarray::Array1;

    use super::*;
    use crate::GaussianDropout;

    /// Mean and variance of what a layer makes of twos.
    fn moments(call: impl Fn(Var) -> Var) -> (Float, Float) {
        let x = Array1::<Float>::from_elem(10_000, 2.0);
        let y = tape::run_seeded(Mode::Training, 5, || call(Var::from_array(&x)).to_array());
        let y = y.unwrap();
        let mean = y.mean().unwrap();
        (mean, y.mapv(|y| (y - mean) * (y - mean)).mean().unwrap())
    }

    #[test]
    fn noise_has_the_deviation() {
        for layer in [GaussianNoise::new(0.5), GaussianNoise::new(0.5).seed(3)] {
            let (mean, variance) = moments(|x| layer.call(x));
            // Ten standard deviations of the estimates.
            assert!((mean - 2.0).abs() < 0.05, "{mean}");
            assert!((variance - 0.25).abs() < 0.036, "{variance}");
        }
    }

    #[test]
    fn factors_have_the_variance_of_the_rate() {
        let layer = GaussianDropout::new(0.2);
        let (mean, variance) = moments(|x| layer.call(x));
        // 0.2 / 0.8 for each number, times the square of 2.
        assert!((mean - 2.0).abs() < 0.1, "{mean}");
        assert!((variance - 1.0).abs() < 0.15, "{variance}");
    }

    #[test]
    fn a_deviation_outside_of_its_range_is_an_error() {
        let step = || GaussianNoise::new(2.0).call(Var::scalar(1.0)).shape();
        let text = tape::run(Mode::Inference, step).unwrap_err().to_string();
        assert!(
            text.starts_with("GaussianNoise: the stddev must lie in [0, 1], but is 2"),
            "{text}"
        );
    }
}
