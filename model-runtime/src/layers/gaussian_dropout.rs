use model_spec::ArgValue;
use model_spec::layers::gaussian_dropout::ENTRY;

use super::accepts;
use super::gaussian_noise::disturb;
use super::support::{one_input, seed_argument};
use crate::float::Scalar;
use crate::ops::binary::Binary;
use crate::{Float, Var};

/// While training, each number times a normal random one of mean 1 and standard deviation
/// `√(rate / (1 - rate))`; else the input itself;
/// [Keras's `GaussianDropout`],
/// [Srivastava et al., 2014](https://www.cs.toronto.edu/~rsalakhu/papers/srivastava14a.pdf).
///
/// - Input: `(samples, …)`. Output: the same shape.
///
/// [Keras's `GaussianDropout`]: https://keras.io/api/layers/regularization_layers/gaussian_dropout/
///
/// ```
/// use model_runtime::prelude::*;
/// let layer = GaussianDropout::new(0.5);
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
///     let layer = GaussianDropout::new(0.5).seed(seed);
///     let x = Array2::<Float>::ones((4, 8));
///     tape::run(Mode::Training, || layer.call(Var::from_array(&x)).to_array())
/// };
/// assert_eq!(draw(1)?, draw(1)?);
/// assert_ne!(draw(1)?, draw(2)?);
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct GaussianDropout {
    rate: Float,
    seed: Option<u64>,
}

one_input!(GaussianDropout);
seed_argument!(GaussianDropout);

impl GaussianDropout {
    /// As much noise as dropping this share makes, in [0, 1).
    pub fn new(rate: Float) -> GaussianDropout {
        GaussianDropout { rate, seed: None }
    }

    #[track_caller]
    fn run(&self, inputs: &[Var]) -> Var {
        let rate = self.rate.as_f64();
        let args = [ArgValue::Float(rate), ArgValue::Unset];
        match accepts(&ENTRY, &args, inputs) {
            Ok(_) => disturb(inputs[0], Binary::Mul, 1.0, (rate / (1.0 - rate)).sqrt(), self.seed),
            Err(poison) => poison,
        }
    }
}
