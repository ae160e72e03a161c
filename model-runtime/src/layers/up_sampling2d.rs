use model_spec::ArgValue;
use model_spec::layers::up_sampling2d::ENTRY;

use super::support::one_input;
use super::windows::along;
use super::{accepts, samples, tuple};
use crate::ops::repeat::Repeat;
use crate::ops::resample::{Resample, stretched};
use crate::{Var, tape};

/// What stands between the pixels of a smaller image in a larger one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Interpolation {
    /// The nearest pixel.
    Nearest,
    /// A straight line from pixel to pixel.
    Bilinear,
}

impl Interpolation {
    pub(super) fn word(self) -> ArgValue {
        ArgValue::Word(match self {
            Interpolation::Nearest => "nearest",
            Interpolation::Bilinear => "bilinear",
        })
    }
}

/// Every pixel several times;
/// [Keras's `UpSampling2D`](https://keras.io/api/layers/reshaping_layers/up_sampling2d/).
///
/// - Input: `(samples, height, width, channels)`. Output: `(samples, height · size, width · size,
///   channels)`.
///
/// ```
/// use model_runtime::prelude::*;
/// let layer = UpSampling2D::new();
/// let y = tape::run(Mode::Inference, || {
///     layer.call(Var::from_array(&ndarray::array![[[[1.0], [2.0]]]])).to_array()
/// })?;
/// let expected = ndarray::array![[[[1.0], [1.0], [2.0], [2.0]], [[1.0], [1.0], [2.0], [2.0]]]];
/// assert_eq!(y, expected.into_dyn());
/// # Ok::<(), Error>(())
/// ```
///
/// Twice as wide, with straight lines between the pixels:
///
/// ```
/// use model_runtime::prelude::*;
/// use ndarray::array;
/// let layer = UpSampling2D::new().size(&[1, 2]).interpolation(Interpolation::Bilinear);
/// let y = tape::run(Mode::Inference, || {
///     layer.call(Var::from_array(&array![[[[1.0], [2.0]]]])).to_array()
/// })?;
/// assert_eq!(y, array![[[[1.0], [1.25], [1.75], [2.0]]]].into_dyn());
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct UpSampling2D {
    size: Vec<i64>,
    interpolation: Interpolation,
}

one_input!(UpSampling2D);

impl UpSampling2D {
    /// The layer with size = 2.
    pub fn new() -> UpSampling2D {
        UpSampling2D { size: vec![2], interpolation: Interpolation::Nearest }
    }

    /// How often, one number for all axes or one for each; 2 by default.
    pub fn size(mut self, size: &[i64]) -> UpSampling2D {
        self.size = size.to_vec();
        self
    }

    /// What stands between the pixels; the nearest by default.
    pub fn interpolation(mut self, interpolation: Interpolation) -> UpSampling2D {
        self.interpolation = interpolation;
        self
    }

    #[track_caller]
    fn run(&self, inputs: &[Var]) -> Var {
        let output = match accepts(&ENTRY, &[tuple(&self.size)], inputs) {
            Ok(values) => values.get(0).shape.with_first(samples(inputs[0])),
            Err(poison) => return poison,
        };
        let times = (along(&self.size, 0), along(&self.size, 1));
        match self.interpolation {
            Interpolation::Nearest => tape::apply(Repeat { times, output }, inputs),
            Interpolation::Bilinear => {
                let [rows, cols] = [1, 2]
                    .map(|axis| stretched(inputs[0].shape().dim(axis), output.dim(axis)).into());
                tape::apply(Resample { rows, cols, output, fill: 0.0 }, inputs)
            }
        }
    }
}

impl Default for UpSampling2D {
    fn default() -> UpSampling2D {
        UpSampling2D::new()
    }
}
