use model_spec::layers::layer_normalization::ENTRY;
use model_spec::{ArgValue, Value};

use super::affine::{Affine, affine_arguments, needed, shapes};
use super::support::ready;
use super::support::within_samples;
use super::tuple;
use crate::float::Scalar;
use crate::ops::normalize::{Measure, Normalize};
use crate::share::share;
use crate::{Float, Layer, Parameter, Seed, Var, Vars, Visitor};

/// `gamma · (x - mean) / √(variance + epsilon) + beta`, mean and (biased) variance over the chosen
/// axes of each sample, so the same in training and in inference;
/// [Keras's `LayerNormalization`],
/// [Ba et al., 2016](https://arxiv.org/abs/1607.06450).
///
/// - Input: `(samples, …)`. Output: the same shape.
/// - Weights: `gamma`, ones by default, and `beta`, zeros by default, both with the sizes of the
///   chosen axes.
///
/// [Keras's `LayerNormalization`]:
/// <https://keras.io/api/layers/normalization_layers/layer_normalization/>
///
/// ```
/// use model_runtime::prelude::*;
/// let mut layer = LayerNormalization::new().epsilon(0.0);
/// layer.init(Seed::new(0), &[Value::float(&[2])]);
/// let y = tape::run(Mode::Inference, || {
///     layer.call(Var::from_array(&ndarray::array![[1.0, 3.0], [10.0, 30.0]])).to_array()
/// })?;
/// assert_eq!(y, ndarray::array![[-1.0, 1.0], [-1.0, 1.0]].into_dyn());
/// # Ok::<(), Error>(())
/// ```
///
/// Over both axes, and with all that can be said of the weights:
///
/// ```
/// use model_runtime::prelude::*;
/// use ndarray::array;
/// let net = model! {
///     x = Input(2, 1);
///     LayerNormalization(axis = [1, 2], epsilon = 0.0,
///         beta_initializer = ones, beta_regularizer = l1(0.1), beta_constraint = non_neg,
///         gamma_initializer = constant(2), gamma_regularizer = l2(0.1),
///         gamma_constraint = non_neg)(x)
/// };
/// let x = array![[[10.0], [30.0]]];
/// let y = net.predict(&x)?;
/// assert_eq!(y, array![[[1.0 - 2.0], [1.0 + 2.0]]].into_dyn());
/// let mut trainer = net.compile(SGD::new(100.0), "mse")?;
/// // 2 numbers of beta, and 2 of gamma, which are squared.
/// assert!((trainer.evaluate(&x, &y)?["loss"] - (0.2 + 0.8)).abs() < 1e-5);
/// // The penalties alone pull each weight far below 0, where none may be.
/// trainer.train_on_batch(&x, &y)?;
/// assert!(trainer.model().get_weights().iter().flatten().all(|&number| number == 0.0));
///
/// let net = model! { x = Input(2); LayerNormalization(center = false, scale = false)(x) };
/// assert_eq!(net.count_params(), 0);
/// # Ok::<(), Error>(())
/// ```
#[derive(Debug)]
pub struct LayerNormalization {
    /// The factor, with the sizes of the axes; none with `scale(false)`.
    pub gamma: Option<Parameter>,
    /// What is added, with the sizes of the axes; none with `center(false)`.
    pub beta: Option<Parameter>,
    axis: Vec<i64>,
    epsilon: Float,
    affine: Affine,
}

share!(LayerNormalization: gamma, beta; axis, epsilon, affine);

affine_arguments!(LayerNormalization);

impl LayerNormalization {
    /// A layer without weights until [`Layer::init`].
    pub fn new() -> LayerNormalization {
        LayerNormalization {
            gamma: Some(Parameter::unset()),
            beta: Some(Parameter::unset()),
            axis: vec![-1],
            epsilon: Float::of(1e-3),
            affine: Affine::new(),
        }
    }

    /// The axes, each from 1 (the first after the samples); -1, the last, by default.
    pub fn axis(mut self, axis: &[i64]) -> LayerNormalization {
        self.axis = axis.to_vec();
        self
    }

    /// What the rules need to know of the arguments.
    fn args(&self) -> [ArgValue; 4] {
        [
            tuple(&self.axis),
            ArgValue::Float(self.epsilon.as_f64()),
            ArgValue::Bool(self.beta.is_some()),
            ArgValue::Bool(self.gamma.is_some()),
        ]
    }

    #[track_caller]
    fn run(&self, inputs: &[Var]) -> Var {
        let has = shapes(self.gamma.as_ref(), self.beta.as_ref());
        if let Err(poison) = ready(&ENTRY, &self.args(), inputs, has.as_slice()) {
            return poison;
        }
        let layout = within_samples(&inputs[0].shape(), &self.axis);
        let op = Normalize::new(layout, Measure::Deviation, self.epsilon.as_f64());
        self.affine.apply(op, inputs[0], self.gamma.as_ref(), self.beta.as_ref())
    }
}

impl Layer for LayerNormalization {
    fn init(&mut self, seed: Seed, inputs: &[Value]) {
        let weights = needed(&ENTRY, &self.args(), inputs);
        if !weights.as_slice().is_empty() {
            [self.gamma, self.beta] = self.affine.draw(&seed, &weights);
        }
    }

    #[track_caller]
    fn call(&self, inputs: &[Var]) -> Vars {
        self.run(inputs).into()
    }

    fn visit(&self, visitor: &mut Visitor<'_>) {
        self.gamma.iter().for_each(|gamma| visitor.parameter("gamma", gamma));
        self.beta.iter().for_each(|beta| visitor.parameter("beta", beta));
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array, array};

    use super::*;
    use crate::{Mode, tape};

    #[test]
    fn axes_are_normalized_together_with_weights_for_each_place() {
        let mut layer = LayerNormalization::new().axis(&[-1, 1]).epsilon(0.0);
        layer.init(Seed::new(0), &[Value::float(&[2, 3, 2])]);
        let gamma = layer.gamma.as_ref().unwrap();
        gamma.set(&array![[1.0, 2.0], [3.0, 4.0]]).unwrap();
        // In each sample and for each middle position: 0, 1, 6, 7 and a multiple of 2.
        let x = Array::from_iter((0..24).map(|x| x as Float));
        let x = x.into_shape_with_order((2, 2, 3, 2)).unwrap();
        let y = tape::run(Mode::Training, || layer.call(Var::from_array(&x)).to_array()).unwrap();
        // The mean is 3.5, the variance (3.5² + 2.5²) / 2.
        let inv = (9.25 as Float).sqrt().recip();
        let expected = array![[-3.5 * inv, 2.0 * -2.5 * inv], [3.0 * 2.5 * inv, 4.0 * 3.5 * inv]];
        for sample in 0..2 {
            for middle in 0..3 {
                let got = y.slice(ndarray::s![sample, .., middle, ..]);
                let off = (&got - &expected).mapv(Float::abs);
                assert!(off.iter().all(|off| *off < 1e-5), "{got}");
            }
        }
    }
}
