use model_spec::ArgValue;
use model_spec::layers::spatial_dropout1d::ENTRY;

use super::accepts;
use super::dropout::drop_together;
use super::support::{one_input, seed_argument};
use crate::float::Scalar;
use crate::{Float, Var};

/// While training, a share of the channels of each sequence becomes 0, and the others grow by
/// `1 / (1 - rate)`; else the input itself;
/// [Keras's `SpatialDropout1D`],
/// [Tompson et al., 2014](https://arxiv.org/abs/1411.4280).
///
/// - Input: `(samples, steps, channels)`. Output: the same shape.
///
/// [Keras's `SpatialDropout1D`]:
/// <https://keras.io/api/layers/regularization_layers/spatial_dropout1d/>
///
/// ```
/// use model_runtime::prelude::*;
/// let layer = SpatialDropout1D::new(0.5);
/// let x = ndarray::array![[[1.0, 2.0], [3.0, 4.0]]];
/// let y = tape::run(Mode::Inference, || layer.call(Var::from_array(&x)).to_array())?;
/// assert_eq!(y, x.into_dyn());
/// # Ok::<(), Error>(())
/// ```
///
/// A seed of its own is mixed with that of the step:
///
/// ```
/// use model_runtime::prelude::*;
/// use ndarray::Array3;
/// let draw = |seed| {
///     let layer = SpatialDropout1D::new(0.5).seed(seed);
///     let x = Array3::<Float>::ones((8, 3, 4));
///     tape::run(Mode::Training, || layer.call(Var::from_array(&x)).to_array())
/// };
/// assert_eq!(draw(1)?, draw(1)?);
/// assert_ne!(draw(1)?, draw(2)?);
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct SpatialDropout1D {
    rate: Float,
    seed: Option<u64>,
}

one_input!(SpatialDropout1D);
seed_argument!(SpatialDropout1D);

impl SpatialDropout1D {
    /// The layer that drops this share of the channels, in [0, 1).
    pub fn new(rate: Float) -> SpatialDropout1D {
        SpatialDropout1D { rate, seed: None }
    }

    #[track_caller]
    fn run(&self, inputs: &[Var]) -> Var {
        let args = [ArgValue::Float(self.rate.as_f64()), ArgValue::Unset];
        if let Err(poison) = accepts(&ENTRY, &args, inputs) {
            return poison;
        }
        let shape = inputs[0].shape();
        let mask = [1].into_iter().fold(shape, |mask, axis| mask.with(axis, 1));
        drop_together(inputs[0], self.rate, self.seed, mask)
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array3, Axis};

    use super::*;
    use crate::{Mode, tape};

    #[test]
    fn whole_channels_are_dropped() {
        let x = Array3::<Float>::ones((10, 4, 100));
        let y = tape::run_seeded(Mode::Training, 3, || {
            SpatialDropout1D::new(0.5).call(Var::from_array(&x)).to_array()
        });
        let mut dropped = 0;
        for sample in y.unwrap().outer_iter() {
            for channel in sample.axis_iter(Axis(1)) {
                let first = channel.iter().next().copied().unwrap();
                assert!((first == 0.0 || first == 2.0) && channel.iter().all(|x| *x == first));
                dropped += usize::from(first == 0.0);
            }
        }
        // Ten standard deviations of the share.
        assert!((342..658).contains(&dropped), "{dropped} of 1000 are dropped");
    }
}
