//! A step of WGAN-GP (Gulrajani et al., 2017): the critic's loss has its own slope in it.

use ndarray::{Array1, Array2, ArrayD, Axis, IxDyn};

use crate::gradcheck::random;
use crate::prelude::*;

model! {
    struct Mlp {
        x = Input(3);
        x = Dense(5, activation = tanh)(x);
        x = Dense(4)(x);
        x = LeakyReLU(negative_slope = 0.2)(x);
        Dense(1)(x)
    }

    struct ConvNet {
        x = Input(6, 6, 2);
        x = Conv2D(3, 3, strides = 2, padding = same)(x);
        x = LeakyReLU(negative_slope = 0.2)(x);
        x = Conv2D(2, 2, activation = tanh)(x);
        Dense(1)(Flatten()(x))
    }
}

/// How far the critic's slope is from 1 between real samples, the first half, and others.
fn penalty(critic: &impl Layer, x: Var) -> Var {
    let count = x.shape().dim(0) / 2;
    let half = |from: usize| {
        let places: Array1<Float> = (from..from + count).map(|place| place as Float).collect();
        x.take(Var::from_array(&places), 0)
    };
    let share: Array1<Float> = (0..count).map(|i| (i as Float + 0.5) / count as Float).collect();
    let share = Var::from_array(&share);
    let between = half(0) * share + half(count) * (1 - share);
    let call = |x: Var| critic.call(&[x]).one();
    let [slope] = tape::grad_recorded([between], |[x]| call(x).sum());
    let norm = slope.flatten().square().sum_axes(&[1], false).sqrt();
    10 * (norm - 1).square().mean()
}

/// The mean of the fake samples less that of the real ones.
fn wasserstein(y_true: Var, y_pred: Var) -> PerSample {
    (y_pred * y_true).mean_per_sample()
}

/// `count` real samples, as many others, and what they count.
fn batch(dims: &[usize], count: usize, seed: u64) -> (ArrayD<Float>, Array2<Float>) {
    let all = [&[2 * count], dims].concat();
    let x = random::<Float>(&all, seed).to_array();
    let y = Array2::from_shape_fn((2 * count, 1), |(i, _)| if i < count { -2.0 } else { 2.0 });
    (x, y)
}

/// The gradients of a step against differences of the loss, weight by weight.
macro_rules! step_of {
    ($net:ty, $dims:expr) => {
        let net = <$net>::new(3);
        let weights = net.parameters();
        let mut trainer = net.compile(SGD::new(1.0), wasserstein).unwrap();
        let term = |ctx: LossContext<'_, $net>| penalty(ctx.model, ctx.inputs);
        trainer.add_loss("penalty", term).unwrap();
        let (x, y) = batch(&$dims, 3, 7);
        let loss = || trainer.evaluate(&x, &y).unwrap()["loss"];
        let start = loss();
        let before: Vec<_> = weights.iter().map(|(_, weight)| weight.get()).collect();
        let expected: Vec<_> =
            weights.iter().map(|(_, weight)| differences(weight, &loss)).collect();
        let logs = trainer.train_on_batch(&x, &y).unwrap();
        assert!((logs["loss"] - start).abs() < 1e-4 && logs["penalty"] > 0.0, "{logs}");
        // Differences of `f32` have no digits to compare with.
        let tolerance = if size_of::<Float>() == 8 { 1e-6 } else { Float::INFINITY };
        for (i, (name, weight)) in weights.iter().enumerate() {
            // With a learning rate of 1, this is the gradient.
            let found = &before[i] - &weight.get();
            let scale = expected[i].iter().fold(0.1, |max: Float, x| max.max(x.abs()));
            let worst = (&found - &expected[i]).iter().fold(0.0, |max: Float, x| max.max(x.abs()));
            assert!(worst < tolerance * scale, "{name}: {found}, not {}", expected[i]);
        }
    };
}

fn differences(weight: &Parameter, loss: impl Fn() -> Float) -> ArrayD<Float> {
    const STEP: Float = 2e-5;
    let start = weight.get();
    let slope = |place: IxDyn| {
        let moved = |by: Float| {
            let mut numbers = start.clone();
            numbers[&place] += by * STEP;
            weight.set(&numbers).unwrap();
            loss()
        };
        let (near, far) = (moved(1.0) - moved(-1.0), moved(2.0) - moved(-2.0));
        (8.0 * near - far) / (12.0 * STEP)
    };
    let found = ArrayD::from_shape_fn(start.raw_dim(), slope);
    weight.set(&start).unwrap();
    found
}

#[test]
fn the_gradients_of_a_step_are_those_of_differences() {
    step_of!(Mlp, [3]);
    step_of!(ConvNet, [6, 6, 2]);
}

/// How far the length of the critic's slope is from 1, in the mean over some points.
fn distance(net: &impl Layer, x: &ArrayD<Float>) -> Float {
    let slope = tape::run(Mode::Inference, || {
        let call = |x: Var| net.call(&[x]).one();
        let [slope] = tape::grad([Var::from_array(x)], |[x]| call(x).sum());
        slope.flatten().to_array()
    });
    let norms = slope.unwrap().map_axis(Axis(1), |row| row.dot(&row).sqrt());
    norms.mapv(|norm| (norm - 1.0).abs()).mean().unwrap()
}

macro_rules! training_of {
    ($net:ty, $dims:expr) => {
        let mut trainer = <$net>::new(5).compile(Adam::new(0.01), wasserstein).unwrap();
        let term = |ctx: LossContext<'_, $net>| penalty(ctx.model, ctx.inputs);
        trainer.add_loss("penalty", term).unwrap();
        let (mut x, y) = batch(&$dims, 16, 11);
        // The real ones are the others moved, by 1 in all.
        let apart = 1.0 / ($dims.iter().product::<usize>() as Float).sqrt();
        let real = x.slice_axis(Axis(0), (16..).into()).mapv(|x| x + apart);
        x.slice_axis_mut(Axis(0), (..16).into()).assign(&real);
        // Half the way between them.
        let between = real - apart / 2.0;
        let before = distance(trainer.model(), &between);
        for _ in 0..300 {
            trainer.train_on_batch(&x, &y).unwrap();
        }
        let after = distance(trainer.model(), &between);
        assert!(after < 0.2 && after < before / 2.0, "{before} before, {after} after");
    };
}

#[test]
fn training_brings_the_slope_to_one() {
    training_of!(Mlp, [3_usize]);
    training_of!(ConvNet, [6_usize, 6, 2]);
}
