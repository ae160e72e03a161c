use model_spec::layers::batch_normalization::ENTRY;
use model_spec::{ArgValue, Shape, Value, Weights, resolve_axis};

use super::affine::{Affine, affine_arguments, needed, shapes};
use super::support::ready;
use crate::float::Scalar;
use crate::ops::normalize::{Axis, Layout, Measure, Moments, Normalize};
use crate::pool::{self, Buffer};
use crate::share::share;
use crate::tensor::Tensor;
use crate::{Float, Initializer, Layer, Mode, Parameter, Seed, Var, Variable, Vars, Visitor, tape};

/// `gamma · (x - mean) / √(variance + epsilon) + beta` for each channel;
/// [Keras's `BatchNormalization`],
/// [Ioffe and Szegedy, 2015](https://arxiv.org/abs/1502.03167).
///
/// In training the mean and the (biased) variance are those of the batch, and `moving_mean` and
/// `moving_variance` follow them: `moving · momentum + batch · (1 - momentum)`. Else they are the
/// moving ones; so they are where the layer is frozen
/// ([`Layer::set_trainable`]). A layer that is called twice in a step follows
/// both batches. Where the input has a mask, masked positions do not count for the statistics.
///
/// - Input: `(samples, …)`, the channels along `axis`. Output: the same shape.
/// - Weights: `gamma` `(channels)`, ones by default; `beta` `(channels)`, zeros by default.
/// - Variables: `moving_mean` `(channels)`, zeros by default; `moving_variance` `(channels)`, ones
///   by default.
///
/// [Keras's `BatchNormalization`]:
/// <https://keras.io/api/layers/normalization_layers/batch_normalization/>
///
/// ```
/// use model_runtime::prelude::*;
/// let mut layer = BatchNormalization::new().epsilon(0.0);
/// layer.init(Seed::new(0), &[Value::float(&[1])]);
/// let x = ndarray::array![[1.0], [3.0]];
/// let y = tape::run(Mode::Training, || layer.call(Var::from_array(&x)).to_array())?;
/// assert_eq!(y, ndarray::array![[-1.0], [1.0]].into_dyn());
/// let y = tape::run(Mode::Inference, || layer.call(Var::from_array(&x)).to_array())?;
/// assert_eq!(y, x.into_dyn());
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
///     norm = BatchNormalization(axis = 1, momentum = 0.75, epsilon = 0.0,
///         moving_mean_initializer = ones, moving_variance_initializer = constant(4),
///         beta_initializer = ones, beta_regularizer = l1(0.1), beta_constraint = non_neg,
///         gamma_initializer = constant(2), gamma_regularizer = l2(0.1),
///         gamma_constraint = non_neg)(x)
/// };
/// // 2 · (x - 1) / √4 + 1 is x.
/// let x = array![[[1.0, 3.0], [5.0, 7.0]]];
/// assert_eq!(net.predict(&x)?, x.clone().into_dyn());
/// let mut trainer = net.compile(SGD::new(100.0), "mse")?;
/// // 2 numbers of beta, and 2 of gamma, which are squared.
/// assert!((trainer.evaluate(&x, &x)?["loss"] - (0.2 + 0.8)).abs() < 1e-5);
/// trainer.train_on_batch(&x, &(x.clone() * 0.0))?;
/// // A quarter of the batch's means 2 and 6, and three quarters of 1.
/// let norm = &trainer.model().norm;
/// assert_eq!(norm.moving_mean.get(), array![1.25, 2.25].into_dyn());
/// // A step that goes far below 0, where no weight may be.
/// assert!(trainer.model().get_weights()[..2].iter().flatten().all(|&number| number == 0.0));
///
/// let net = model! { x = Input(2); BatchNormalization(center = false, scale = false)(x) };
/// assert!(net.parameters().is_empty());
/// # Ok::<(), Error>(())
/// ```
#[derive(Debug)]
pub struct BatchNormalization {
    /// The factor, `(channels)`; none with `scale(false)`.
    pub gamma: Option<Parameter>,
    /// What is added, `(channels)`; none with `center(false)`.
    pub beta: Option<Parameter>,
    /// The mean in inference, `(channels)`.
    pub moving_mean: Variable,
    /// The variance in inference, `(channels)`.
    pub moving_variance: Variable,
    axis: i64,
    momentum: Float,
    epsilon: Float,
    affine: Affine,
    moving_mean_initializer: Initializer,
    moving_variance_initializer: Initializer,
}

share!(
    BatchNormalization: gamma, beta, moving_mean, moving_variance;
    axis, momentum, epsilon, affine, moving_mean_initializer, moving_variance_initializer
);

affine_arguments!(BatchNormalization);

impl BatchNormalization {
    /// A layer without weights until [`Layer::init`].
    pub fn new() -> BatchNormalization {
        BatchNormalization {
            gamma: Some(Parameter::unset()),
            beta: Some(Parameter::unset()),
            moving_mean: Variable::unset("moving_mean"),
            moving_variance: Variable::unset("moving_variance"),
            axis: -1,
            momentum: Float::of(0.99),
            epsilon: Float::of(1e-3),
            affine: Affine::new(),
            moving_mean_initializer: Initializer::Zeros,
            moving_variance_initializer: Initializer::Ones,
        }
    }

    /// The axis of the channels, from 1 (the first after the samples); -1, the last, by default.
    pub fn axis(mut self, axis: i64) -> BatchNormalization {
        self.axis = axis;
        self
    }

    /// The share that the moving statistics keep in a step; 0.99 by default.
    pub fn momentum(mut self, momentum: Float) -> BatchNormalization {
        self.momentum = momentum;
        self
    }

    /// How the moving mean starts; zeros by default.
    pub fn moving_mean_initializer(mut self, initializer: Initializer) -> BatchNormalization {
        self.moving_mean_initializer = initializer;
        self
    }

    /// How the moving variance starts; ones by default.
    pub fn moving_variance_initializer(mut self, initializer: Initializer) -> BatchNormalization {
        self.moving_variance_initializer = initializer;
        self
    }

    /// What the rules need to know of the arguments.
    fn args(&self) -> [ArgValue; 5] {
        [
            ArgValue::Int(self.axis),
            ArgValue::Float(self.momentum.as_f64()),
            ArgValue::Float(self.epsilon.as_f64()),
            ArgValue::Bool(self.beta.is_some()),
            ArgValue::Bool(self.gamma.is_some()),
        ]
    }

    fn weights(&self) -> Weights {
        shapes(self.gamma.as_ref(), self.beta.as_ref())
            .and("moving_mean", self.moving_mean.shape())
            .and("moving_variance", self.moving_variance.shape())
    }

    #[track_caller]
    fn run(&self, inputs: &[Var]) -> Var {
        if let Err(poison) = ready(&ENTRY, &self.args(), inputs, self.weights().as_slice()) {
            return poison;
        }
        let x = inputs[0];
        let op = Normalize::new(self.layout(&x.shape()), Measure::Deviation, self.epsilon.as_f64());
        if tape::mode() == Mode::Inference || !self.moving_mean.is_trainable() {
            let read = |v: &Variable| v.read().tensor().data().iter().map(|x| x.as_f64()).collect();
            let op = op.known(Moments::known(read(&self.moving_mean), read(&self.moving_variance)));
            return self.affine.apply(op, x, self.gamma.as_ref(), self.beta.as_ref());
        }
        let op = op.counted(x.mask().map(|mask| counted(mask, x)));
        let moments = op.moments();
        let y = self.affine.apply(op, x, self.gamma.as_ref(), self.beta.as_ref());
        if let Some(moments) = moments.get() {
            self.follow(&self.moving_mean, &moments.mean);
            self.follow(&self.moving_variance, &moments.variance);
        }
        y
    }

    /// Moves a moving statistic towards that of a batch.
    #[track_caller]
    fn follow(&self, moving: &Variable, batch: &[f64]) {
        let momentum = self.momentum.as_f64();
        let now = moving.read().tensor();
        let next = now.data().iter().zip(batch);
        let next =
            next.map(|(old, new)| Float::of(old.as_f64() * momentum + new * (1.0 - momentum)));
        moving.update(tape::constant(Tensor::of(*now.shape(), next.collect())));
    }

    /// The channels apart, and weights for each.
    fn layout(&self, shape: &Shape) -> Layout {
        let channels =
            resolve_axis("", self.axis, &shape.without_first()).map_or(0, |axis| axis + 1);
        let axis = |(axis, &size): (usize, &usize)| {
            let is_channels = axis == channels;
            Axis { size, apart: is_channels, weighted: is_channels }
        };
        Layout::new(&shape.dims().iter().enumerate().map(axis).collect::<Vec<_>>())
    }
}

/// Which numbers of `x` its mask counts.
#[track_caller]
fn counted(mask: Var, x: Var) -> Buffer<bool> {
    let (mask, len) = (mask.tensor(), x.tensor().len());
    let each = len / mask.len().max(1);
    let mut counted = pool::empty(len);
    for counts in mask.data() {
        counted.resize(counted.len() + each, *counts != 0.0);
    }
    counted
}

impl Layer for BatchNormalization {
    fn init(&mut self, seed: Seed, inputs: &[Value]) {
        let weights = needed(&ENTRY, &self.args(), inputs);
        if weights.as_slice().is_empty() {
            return;
        }
        [self.gamma, self.beta] = self.affine.draw(&seed, &weights);
        let variable = |name: &str, initializer: &Initializer| {
            let shape = weights.get(weights.as_slice().len() - 1);
            Variable::of(name.to_owned(), initializer.parameter(&seed.child(name), shape).tensor())
        };
        self.moving_mean = variable("moving_mean", &self.moving_mean_initializer);
        self.moving_variance = variable("moving_variance", &self.moving_variance_initializer);
    }

    #[track_caller]
    fn call(&self, inputs: &[Var]) -> Vars {
        self.run(inputs).into()
    }

    fn visit(&self, visitor: &mut Visitor<'_>) {
        self.gamma.iter().for_each(|gamma| visitor.parameter("gamma", gamma));
        self.beta.iter().for_each(|beta| visitor.parameter("beta", beta));
        visitor.variable("moving_mean", &self.moving_mean);
        visitor.variable("moving_variance", &self.moving_variance);
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, ArrayD, array};

    use super::*;
    use crate::prelude::*;

    fn made(layer: BatchNormalization, dims: &[usize]) -> BatchNormalization {
        let mut layer = layer;
        layer.init(Seed::new(0), &[Value::float(dims)]);
        layer
    }

    fn close(a: &ArrayD<Float>, b: &ArrayD<Float>) {
        assert_eq!(a.shape(), b.shape());
        assert!(a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-5), "{a} {b}");
    }

    #[test]
    fn the_moving_statistics_follow_by_momentum_each_call() {
        let layer = made(BatchNormalization::new().momentum(0.5), &[2]);
        // The means are 2 and 6, the biased variances 1 and 4.
        let x = array![[1.0, 4.0], [3.0, 8.0]];
        let (mean, variance) = tape::run(Mode::Training, || {
            layer.call(Var::from_array(&x));
            layer.call(Var::from_array(&x));
            (layer.moving_mean.read().to_array(), layer.moving_variance.read().to_array())
        })
        .unwrap();
        close(&mean, &array![1.5, 4.5].into_dyn());
        close(&variance, &array![1.0, 3.25].into_dyn());
    }

    #[test]
    fn inference_and_a_frozen_layer_use_the_moving_statistics() {
        let layer = made(BatchNormalization::new().epsilon(0.0), &[2]);
        layer.moving_mean.set(&array![1.0, 2.0]).unwrap();
        layer.moving_variance.set(&array![4.0, 0.25]).unwrap();
        layer.gamma.as_ref().unwrap().set(&array![2.0, 1.0]).unwrap();
        layer.beta.as_ref().unwrap().set(&array![0.0, 1.0]).unwrap();
        let inference = array![[2.0, -1.0], [4.0, 3.0]].into_dyn();
        let training = array![[-2.0, 0.0], [2.0, 2.0]].into_dyn();
        let run = |mode| {
            tape::run(mode, || {
                layer.call(Var::from_array(&array![[3.0, 1.0], [5.0, 3.0]])).to_array()
            })
            .unwrap()
        };
        close(&run(Mode::Inference), &inference);
        close(&run(Mode::Training), &training);
        layer.set_trainable(false);
        close(&run(Mode::Training), &inference);
        layer.set_trainable(true);
        layer.gamma.as_ref().unwrap().set_trainable(false);
        close(&run(Mode::Training), &training);
    }

    #[test]
    fn masked_positions_do_not_count() {
        let layer = made(BatchNormalization::new().momentum(0.0).epsilon(0.0), &[3, 1]);
        let y = tape::run(Mode::Training, || {
            let x = Var::from_array(&array![[[1.0], [3.0], [100.0]]]);
            let y = layer.call(x.with_mask(Var::from_array(&array![[1.0, 1.0, 0.0]])));
            assert!(y.mask().is_some());
            assert_eq!(layer.moving_mean.read().to_array(), array![2.0].into_dyn());
            y.to_array()
        });
        close(&y.unwrap(), &array![[[-1.0], [1.0], [98.0]]].into_dyn());
    }

    #[test]
    fn any_axis_can_hold_the_channels() {
        let x = array![[[1.0, 5.0, 3.0], [2.0, 2.0, 2.0]], [[3.0, 3.0, 3.0], [4.0, 0.0, 2.0]]];
        let run = |axis| {
            let layer = made(BatchNormalization::new().axis(axis).epsilon(0.0), &[2, 3]);
            assert_eq!(layer.moving_mean.shape(), Shape::new(&[2]));
            tape::run(Mode::Training, || layer.call(Var::from_array(&x)).to_array()).unwrap()
        };
        let y = run(1);
        assert_eq!(y, run(-2));
        // Rows 0 have the mean 3 and the variance 8/6, rows 1 the mean 2 and the same variance.
        let inv = (8.0 / 6.0 as Float).sqrt().recip();
        let expected =
            array![[[-2.0, 2.0, 0.0], [0.0, 0.0, 0.0]], [[0.0, 0.0, 0.0], [2.0, -2.0, 0.0]]];
        close(&y, &expected.mapv(|x: Float| x * inv).into_dyn());
    }

    model! {
        struct Normed {
            x = Input(2);
            norm = BatchNormalization(momentum = 0.5);
            Dense(1)(norm(x))
        }
    }

    #[test]
    fn a_trainer_stores_the_statistics_with_each_step_and_only_then() {
        let x = Array2::from_shape_fn((4, 2), |(i, j)| (i * (j + 1)) as Float);
        let y = Array2::from_shape_fn((4, 1), |(i, _)| i as Float);
        let mut trainer = Normed::new(0).compile("sgd", "mse").unwrap();
        let mean = |trainer: &Trainer<Normed>| trainer.model().norm.moving_mean.get();
        trainer.evaluate(&x, &y).unwrap();
        assert_eq!(mean(&trainer), array![0.0, 0.0].into_dyn());
        trainer.train_on_batch(&x, &y).unwrap();
        close(&mean(&trainer), &array![0.75, 1.5].into_dyn());
        trainer.train_on_batch(&x, &y.mapv(|_| Float::MAX)).unwrap_err();
        trainer.predict(&x).unwrap();
        close(&mean(&trainer), &array![0.75, 1.5].into_dyn());
        trainer.model().norm.set_trainable(false);
        trainer.train_on_batch(&x, &y).unwrap();
        close(&mean(&trainer), &array![0.75, 1.5].into_dyn());
        let text = trainer.model().summary().to_string();
        assert!(text.contains(" Total params: 11 (") && text.contains("params: 8 ("), "{text}");
        assert_eq!(Normed::GRAPH.parameters(), Some(11));
        let paths: Vec<String> =
            trainer.model().variables().into_iter().map(|(path, _)| path).collect();
        assert_eq!(paths, ["norm.moving_mean", "norm.moving_variance"]);
    }

    #[test]
    fn another_number_of_channels_is_an_error() {
        let layer = made(BatchNormalization::new(), &[2]);
        let call = |layer: &BatchNormalization| {
            let x = array![[1.0, 2.0, 3.0]];
            tape::run(Mode::Training, || layer.call(Var::from_array(&x)).shape()).unwrap_err()
        };
        let text = call(&layer).to_string();
        assert!(text.contains("its gamma is (2), but this input needs (3)"), "{text}");
        assert!(matches!(call(&BatchNormalization::new()), Error::NotInitialized { .. }));
    }
}
