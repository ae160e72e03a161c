use model_spec::layers::rms_normalization::ENTRY;
use model_spec::{ArgValue, Value};

use super::affine::needed;
use super::support::ready;
use super::support::within_samples;
use super::tuple;
use crate::float::Scalar;
use crate::ops::normalize::{Measure, Normalize};
use crate::share::share;
use crate::{Float, Initializer, Layer, Parameter, Seed, Var, Vars, Visitor, tape};

/// `scale · x / √(mean(x²) + epsilon)`, the mean over the chosen axes of each sample;
/// [Keras's `RMSNormalization`],
/// [Zhang and Sennrich, 2019](https://arxiv.org/abs/1910.07467).
///
/// - Input: `(samples, …)`. Output: the same shape.
/// - Weights: `scale`, with the sizes of the chosen axes, ones.
///
/// [Keras's `RMSNormalization`]:
/// <https://keras.io/api/layers/normalization_layers/rms_normalization/>
///
/// ```
/// use model_runtime::prelude::*;
/// let mut layer = RMSNormalization::new().epsilon(0.0);
/// layer.init(Seed::new(0), &[Value::float(&[2])]);
/// let y = tape::run(Mode::Inference, || {
///     layer.call(Var::from_array(&ndarray::array![[7.0, -7.0]])).to_array()
/// })?;
/// assert_eq!(y, ndarray::array![[1.0, -1.0]].into_dyn());
/// # Ok::<(), Error>(())
/// ```
///
/// Of another axis than the last:
///
/// ```
/// use model_runtime::prelude::*;
/// use ndarray::array;
/// let net = model! { x = Input(2, 2); RMSNormalization(axis = 1, epsilon = 0.0)(x) };
/// let y = net.predict(&array![[[7.0, 2.0], [-7.0, 2.0]]])?;
/// assert_eq!(y, array![[[1.0, 1.0], [-1.0, 1.0]]].into_dyn());
/// # Ok::<(), Error>(())
/// ```
#[derive(Debug)]
pub struct RMSNormalization {
    /// The factor, with the sizes of the axes.
    pub scale: Parameter,
    axis: Vec<i64>,
    epsilon: Float,
}

share!(RMSNormalization: scale; axis, epsilon);

impl RMSNormalization {
    /// A layer without weights until [`Layer::init`].
    pub fn new() -> RMSNormalization {
        let (axis, epsilon) = (vec![-1], Float::of(1e-6));
        RMSNormalization { scale: Parameter::unset(), axis, epsilon }
    }

    /// The axes, each from 1 (the first after the samples); -1, the last, by default.
    pub fn axis(mut self, axis: &[i64]) -> RMSNormalization {
        self.axis = axis.to_vec();
        self
    }

    /// What is added to the mean, so that nothing is divided by 0; 0.000001 by default.
    pub fn epsilon(mut self, epsilon: Float) -> RMSNormalization {
        self.epsilon = epsilon;
        self
    }

    /// The output for `x`.
    #[track_caller]
    pub fn call(&self, x: Var) -> Var {
        self.run(&[x])
    }

    fn args(&self) -> [ArgValue; 2] {
        [tuple(&self.axis), ArgValue::Float(self.epsilon.as_f64())]
    }

    #[track_caller]
    fn run(&self, inputs: &[Var]) -> Var {
        let has = [("scale", self.scale.shape())];
        if let Err(poison) = ready(&ENTRY, &self.args(), inputs, &has) {
            return poison;
        }
        let layout = within_samples(&inputs[0].shape(), &self.axis);
        let op = Normalize::new(layout, Measure::RootMeanSquare, self.epsilon.as_f64());
        tape::apply(op.weighted(true, false), &[inputs[0], self.scale.var()])
    }
}

impl Default for RMSNormalization {
    fn default() -> RMSNormalization {
        RMSNormalization::new()
    }
}

impl Layer for RMSNormalization {
    fn init(&mut self, seed: Seed, inputs: &[Value]) {
        for &(name, shape) in needed(&ENTRY, &self.args(), inputs).as_slice() {
            self.scale = Initializer::Ones.parameter(&seed.child(name), shape);
        }
    }

    #[track_caller]
    fn call(&self, inputs: &[Var]) -> Vars {
        self.run(inputs).into()
    }

    fn visit(&self, visitor: &mut Visitor<'_>) {
        visitor.parameter("scale", &self.scale);
    }
}
