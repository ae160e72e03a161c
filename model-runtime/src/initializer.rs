use model_spec::Shape;

use crate::tensor::Tensor;
use crate::{Float, Parameter, Seed};

/// How a weight starts; see the [Keras page](https://keras.io/api/layers/initializers/).
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Initializer {
    /// All 0.
    Zeros,
    /// Uniform in ±√(6 / (fan_in + fan_out)) (Glorot and Bengio, 2010).
    GlorotUniform,
}

impl Initializer {
    /// A new weight of this shape.
    pub(crate) fn parameter(&self, seed: &Seed, shape: Shape) -> Parameter {
        let size = shape.size().unwrap_or(0);
        let mut generator = seed.generator();
        let numbers: Vec<Float> = match self {
            Initializer::Zeros => vec![0.0; size],
            Initializer::GlorotUniform => {
                let fans = (shape.dim(0) + shape.dim(1)) as f64;
                let limit = libm::sqrt(6.0 / fans);
                (0..size).map(|_| ((generator.uniform() * 2.0 - 1.0) * limit) as Float).collect()
            }
        };
        Parameter::new(Tensor::new(shape, numbers))
    }
}
