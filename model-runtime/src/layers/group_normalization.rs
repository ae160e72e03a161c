use model_spec::layers::group_normalization::ENTRY;
use model_spec::{ArgValue, Shape, Value, resolve_axis};

use super::affine::{Affine, affine_arguments, needed, shapes};
use super::support::ready;
use crate::float::Scalar;
use crate::ops::normalize::{Axis, Layout, Measure, Normalize};
use crate::share::share;
use crate::{Float, Layer, Parameter, Seed, Var, Vars, Visitor};

/// `gamma · (x - mean) / √(variance + epsilon) + beta`, mean and (biased) variance over each group
/// of neighbouring channels of each sample, with all that is not a channel;
/// [Keras's `GroupNormalization`],
/// [Wu and He, 2018](https://arxiv.org/abs/1803.08494).
///
/// One group is layer normalisation over all axes but for its weights, and a group for each channel
/// (`groups = -1`) is instance normalisation.
///
/// - Input: `(samples, …)`, the channels along `axis`. Output: the same shape.
/// - Weights: `gamma` `(channels)`, ones by default; `beta` `(channels)`, zeros by default.
///
/// [Keras's `GroupNormalization`]:
/// <https://keras.io/api/layers/normalization_layers/group_normalization/>
///
/// ```
/// use model_runtime::prelude::*;
/// let mut layer = GroupNormalization::new().groups(2).epsilon(0.0);
/// layer.init(Seed::new(0), &[Value::float(&[4])]);
/// let y = tape::run(Mode::Inference, || {
///     layer.call(Var::from_array(&ndarray::array![[1.0, 3.0, 50.0, 40.0]])).to_array()
/// })?;
/// assert_eq!(y, ndarray::array![[-1.0, 1.0, 1.0, -1.0]].into_dyn());
/// # Ok::<(), Error>(())
/// ```
///
/// With the channels along the first axis, and all that can be said of the weights:
///
/// ```
/// use model_runtime::prelude::*;
/// use ndarray::array;
/// let net = model! {
///     x = Input(2, 2);
///     GroupNormalization(groups = 2, axis = 1, epsilon = 0.0,
///         beta_initializer = ones, beta_regularizer = l1(0.1), beta_constraint = non_neg,
///         gamma_initializer = constant(2), gamma_regularizer = l2(0.1),
///         gamma_constraint = non_neg)(x)
/// };
/// let x = array![[[10.0, 30.0], [7.0, 5.0]]];
/// let y = net.predict(&x)?;
/// assert_eq!(y, array![[[-1.0, 3.0], [3.0, -1.0]]].into_dyn());
/// let mut trainer = net.compile(SGD::new(100.0), "mse")?;
/// // 2 numbers of beta, and 2 of gamma, which are squared.
/// assert!((trainer.evaluate(&x, &y)?["loss"] - (0.2 + 0.8)).abs() < 1e-5);
/// // The penalties alone pull each weight far below 0, where none may be.
/// trainer.train_on_batch(&x, &y)?;
/// assert!(trainer.model().get_weights().iter().flatten().all(|&number| number == 0.0));
///
/// let net = model! { x = Input(2); GroupNormalization(1, center = false, scale = false)(x) };
/// assert_eq!(net.count_params(), 0);
/// # Ok::<(), Error>(())
/// ```
#[derive(Debug)]
pub struct GroupNormalization {
    /// The factor, `(channels)`; none with `scale(false)`.
    pub gamma: Option<Parameter>,
    /// What is added, `(channels)`; none with `center(false)`.
    pub beta: Option<Parameter>,
    groups: i64,
    axis: i64,
    epsilon: Float,
    affine: Affine,
}

share!(GroupNormalization: gamma, beta; groups, axis, epsilon, affine);

affine_arguments!(GroupNormalization);

impl GroupNormalization {
    /// A layer of 32 groups, without weights until [`Layer::init`].
    pub fn new() -> GroupNormalization {
        GroupNormalization {
            gamma: Some(Parameter::unset()),
            beta: Some(Parameter::unset()),
            groups: 32,
            axis: -1,
            epsilon: Float::of(1e-3),
            affine: Affine::new(),
        }
    }

    /// The number of groups, a divisor of the number of channels, or -1 for a group of each
    /// channel; 32 by default.
    pub fn groups(mut self, groups: i64) -> GroupNormalization {
        self.groups = groups;
        self
    }

    /// The axis of the channels, from 1 (the first after the samples); -1, the last, by default.
    pub fn axis(mut self, axis: i64) -> GroupNormalization {
        self.axis = axis;
        self
    }

    /// What the rules need to know of the arguments.
    fn args(&self) -> [ArgValue; 5] {
        [
            ArgValue::Int(self.groups),
            ArgValue::Int(self.axis),
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
        let layout = self.layout(&inputs[0].shape());
        let op = Normalize::new(layout, Measure::Deviation, self.epsilon.as_f64());
        self.affine.apply(op, inputs[0], self.gamma.as_ref(), self.beta.as_ref())
    }

    /// Samples and groups apart; the channels are two axes, the groups and the channels in each.
    fn layout(&self, shape: &Shape) -> Layout {
        let channels =
            resolve_axis("", self.axis, &shape.without_first()).map_or(0, |axis| axis + 1);
        let mut axes = Vec::new();
        for (axis, &size) in shape.dims().iter().enumerate() {
            if axis == channels {
                let groups = usize::try_from(self.groups).unwrap_or(size);
                axes.push(Axis { size: groups, apart: true, weighted: true });
                axes.push(Axis { size: size / groups, apart: false, weighted: true });
            } else {
                axes.push(Axis { size, apart: axis == 0, weighted: false });
            }
        }
        Layout::new(&axes)
    }
}

impl Layer for GroupNormalization {
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
    use ndarray::{ArrayD, array};

    use super::*;
    use crate::{LayerNormalization, Mode, tape};

    fn run(layer: &mut (impl Layer + ?Sized), x: &ArrayD<Float>) -> ArrayD<Float> {
        layer.init(Seed::new(0), &[Value::float(&x.shape()[1..])]);
        let y = tape::run(Mode::Training, || layer.call(&[Var::from_array(x)]).one().to_array());
        y.unwrap()
    }

    #[track_caller]
    fn close(a: &ArrayD<Float>, b: &ArrayD<Float>) {
        assert!((a - b).iter().all(|off| off.abs() < 1e-5), "{a} {b}");
    }

    #[test]
    fn a_group_has_its_channels_at_all_positions() {
        let x = array![[[1.0, 5.0, 0.0, 0.0], [3.0, 7.0, 2.0, 4.0]]].into_dyn();
        let y = run(&mut GroupNormalization::new().groups(2).epsilon(0.0), &x);
        // 1, 5, 3, 7 have the mean 4 and the variance 5; 0, 0, 2, 4 have 1.5 and 2.75.
        let (a, b) = ((5.0 as Float).sqrt().recip(), (2.75 as Float).sqrt().recip());
        let expected = array![[[-3.0 * a, a, -1.5 * b, -1.5 * b], [-a, 3.0 * a, 0.5 * b, 2.5 * b]]];
        close(&y, &expected.into_dyn());
        let moved = |a: &ArrayD<Float>| a.clone().permuted_axes(vec![0, 2, 1]);
        let y = run(&mut GroupNormalization::new().groups(2).axis(1).epsilon(0.0), &moved(&x));
        close(&moved(&y), &expected_of(&x));
    }

    fn expected_of(x: &ArrayD<Float>) -> ArrayD<Float> {
        run(&mut GroupNormalization::new().groups(2).epsilon(0.0), x)
    }

    #[test]
    fn one_group_is_layer_normalization_and_minus_one_is_by_channel() {
        let x = crate::gradcheck::random::<Float>(&[2, 3, 4, 6], 1).to_array();
        let one = run(&mut GroupNormalization::new().groups(1), &x);
        close(&one, &run(&mut LayerNormalization::new().axis(&[1, 2, 3]), &x));
        let each = run(&mut GroupNormalization::new().groups(-1), &x);
        let layer = LayerNormalization::new().axis(&[1, 2]).center(false).scale(false);
        close(&each, &run(&mut { layer }, &x));
    }
}
