use model_spec::layers::dropout::ENTRY;
use model_spec::{ArgValue, Shape};

use super::support::{generator, one_input, seed_argument};
use super::{accepts, list};
use crate::float::Scalar;
use crate::ops::binary::Binary;
use crate::tensor::Tensor;
use crate::{Float, Mode, Var, tape};

/// While training, a share of the numbers becomes 0, and the others grow by `1 / (1 - rate)`;
/// elsewhere nothing changes (Srivastava et al., 2014);
/// [Keras's `Dropout`](https://keras.io/api/layers/regularization_layers/dropout/).
///
/// - Input: `(samples, …)`. Output: the same shape.
///
/// ```
/// use model_runtime::prelude::*;
/// let layer = Dropout::new(0.5);
/// let y = tape::run(Mode::Inference, || {
///     layer.call(Var::from_array(&ndarray::array![[1.0, 2.0]])).to_array()
/// })?;
/// assert_eq!(y, ndarray::array![[1.0, 2.0]].into_dyn());
/// # Ok::<(), Error>(())
/// ```
///
/// With a seed of its own it draws the same in the same step of every run, and with `noise_shape`
/// the same for a whole axis, here that of the channels:
///
/// ```
/// use model_runtime::prelude::*;
/// use ndarray::Array3;
/// let drop = |seed| {
///     let layer = Dropout::new(0.5).noise_shape(&[8, 1]).seed(seed);
///     tape::run(Mode::Training, || {
///         layer.call(Var::from_array(&Array3::<Float>::ones((4, 8, 3)))).to_array()
///     })
/// };
/// let y = drop(1)?;
/// for pixel in y.lanes(ndarray::Axis(2)) {
///     assert!(pixel.iter().all(|&number| number == pixel[0]));
/// }
/// assert!(y.iter().all(|&number| number == 0.0 || number == 2.0));
/// assert_eq!(y, drop(1)?);
/// assert_ne!(y, drop(2)?);
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Dropout {
    rate: Float,
    noise_shape: Vec<i64>,
    seed: Option<u64>,
}

one_input!(Dropout);
seed_argument!(Dropout);

impl Dropout {
    /// The layer that drops this share, in [0, 1).
    pub fn new(rate: Float) -> Dropout {
        Dropout { rate, noise_shape: Vec::new(), seed: None }
    }

    /// For each axis but the samples' its size, or -1 for it, or 1 where all positions of an axis
    /// are dropped together; none by default.
    pub fn noise_shape(mut self, noise_shape: &[i64]) -> Dropout {
        self.noise_shape = noise_shape.to_vec();
        self
    }

    #[track_caller]
    fn run(&self, inputs: &[Var]) -> Var {
        let args = [ArgValue::Float(self.rate.as_f64()), list(&self.noise_shape)];
        if let Err(poison) = accepts(&ENTRY, &args, inputs) {
            return poison;
        }
        let together = self.noise_shape.iter().enumerate().filter(|(_, size)| **size == 1);
        let mask = together.fold(inputs[0].shape(), |mask, (axis, _)| mask.with(axis + 1, 1));
        drop_together(inputs[0], self.rate, self.seed, mask)
    }
}

/// `x` with a share of its numbers 0 and the others larger, while training.
#[track_caller]
pub(super) fn drop_share(x: Var, rate: Float, seed: Option<u64>) -> Var {
    drop_together(x, rate, seed, x.shape())
}

/// The same by a mask of this shape, which is stretched: what it is stretched over is dropped
/// together.
#[track_caller]
pub(super) fn drop_together(x: Var, rate: Float, seed: Option<u64>, mask: Shape) -> Var {
    if tape::mode() == Mode::Inference || rate == 0.0 {
        return x;
    }
    let factors = generator(seed).drops(mask.size().unwrap_or(0), rate.as_f64());
    tape::apply(Binary::Mul, &[x, tape::constant(Tensor::of(mask, factors))])
}

#[cfg(test)]
mod tests {
    use ndarray::{Array1, ArrayD};

    use super::*;

    fn drop(dropout: &Dropout, seed: u64) -> Result<[ArrayD<Float>; 2], crate::Error> {
        tape::run_seeded(Mode::Training, seed, || {
            let x = Var::from_array(&Array1::<Float>::ones(10_000));
            [dropout.call(x).to_array(), dropout.call(x).to_array()]
        })
    }

    #[test]
    fn a_share_is_dropped_and_the_rest_grows() {
        for dropout in [Dropout::new(0.2), Dropout::new(0.2).seed(7)] {
            let [a, b] = drop(&dropout, 1).unwrap();
            assert!(a.iter().all(|&x| x == 0.0 || x == 1.25));
            // Ten standard deviations of the share.
            let dropped = a.iter().filter(|&&x| x == 0.0).count();
            assert!((1600..2400).contains(&dropped), "{dropped} of 10000 are dropped");
            assert_ne!(a, b, "each call drops others");
            assert_eq!(drop(&dropout, 1).unwrap()[0], a, "the seed decides");
            assert_ne!(drop(&dropout, 2).unwrap()[0], a, "each step drops others");
        }
    }

    #[test]
    fn an_axis_of_the_noise_that_has_one_position_is_dropped_as_a_whole() {
        let y = tape::run_seeded(Mode::Training, 1, || {
            let layer = Dropout::new(0.5).noise_shape(&[1, -1]);
            layer.call(Var::ones(&[10, 3, 100])).to_array()
        });
        let y = y.unwrap();
        for row in 1..3 {
            let at = |row| y.index_axis(ndarray::Axis(1), row);
            assert_eq!(at(row), at(0));
        }
        // Ten standard deviations of the share.
        let dropped = y.iter().filter(|&&x| x == 0.0).count() / 3;
        assert!((342..658).contains(&dropped), "{dropped} of 1000 are dropped");
    }

    #[test]
    fn a_rate_outside_of_its_range_is_an_error() {
        let text = drop(&Dropout::new(1.0), 0).unwrap_err().to_string();
        assert!(text.starts_with("Dropout: the rate must lie in [0, 1), but is 1\n"), "{text}");
    }
}
