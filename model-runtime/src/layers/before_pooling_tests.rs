//! Convolutions that are made together with their pooling, against the two one after the other.

use crate::gradcheck::random;
use crate::kernels::engine::Engine;
use crate::kernels::engine::tests::on_each;
use crate::kernels::threads::set_threads;
use crate::kernels::unless_miri;
use crate::prelude::*;
use crate::tape;
use crate::tensor::Tensor;

const SIZE: usize = unless_miri(13, 8);

fn convolution(activation: Activation, channels: usize, filters: usize) -> Conv2D {
    let mut layer = Conv2D::new(filters, &[3]).activation(activation).padding(Padding::Same);
    layer.init(Seed::new(5), &[Value::float(&[SIZE, SIZE, channels])]);
    layer
}

fn bits(numbers: &[Float]) -> Vec<u64> {
    // What has no gradient may be -0 in one and 0 in the other; sums do not tell them apart.
    numbers.iter().map(|&x| (f64::from(x) + 0.0).to_bits()).collect()
}

/// What comes out, and the gradients by the input and the weights.
fn made(layer: &Conv2D, pool: &dyn Layer, x: &Tensor, together: bool) -> Vec<Vec<u64>> {
    let predicted = tape::run(Mode::Inference, || {
        let x = tape::constant(x.clone());
        let y = if together { layer.before_pooling(x) } else { layer.call(x) };
        bits(pool.call(&[y]).one().tensor().data())
    });
    let trained = tape::run(Mode::Training, || {
        let x = tape::variable(x.clone());
        let y = if together { layer.before_pooling(x) } else { layer.call(x) };
        let y = pool.call(&[y]).one();
        let mut all = vec![bits(y.tensor().data())];
        let mut gradients = tape::backward((y.square() - y * 3).sum());
        all.push(bits(gradients.of(x).unwrap()));
        for weight in [&layer.kernel, layer.bias.as_ref().unwrap()] {
            all.push(bits(&gradients.take(weight).unwrap()));
        }
        all
    });
    let mut all = trained.unwrap();
    all.push(predicted.unwrap());
    all
}

fn pools() -> Vec<Box<dyn Layer>> {
    let max = MaxPooling2D::new;
    vec![
        Box::new(max()),
        Box::new(max().padding(Padding::Same)),
        Box::new(max().pool_size(&[3, 2]).strides(&[4, 3])),
        Box::new(max().pool_size(&[3]).strides(&[2])),
        Box::new(AveragePooling2D::new(&[2])),
        Box::new(AveragePooling2D::new(&[3, 2]).padding(Padding::Same)),
    ]
}

#[test]
fn bits_are_those_of_one_after_the_other() {
    let activations = [
        Activation::Linear,
        Activation::Relu,
        Activation::Elu,
        Activation::Tanh,
        Activation::Gelu,
        Activation::Softmax,
    ];
    for (i, activation) in activations.into_iter().enumerate() {
        // Numbers of channels that fill vectors, and others.
        let (channels, filters) = [(1, 16), (3, 21), (4, 5)][i % 3];
        let layer = convolution(activation.clone(), channels, filters);
        let x = random::<Float>(&[5, SIZE, SIZE, channels], 7);
        for (pool, layer_of) in pools().iter().enumerate() {
            for (engine, (together, apart)) in on_each(|| {
                let made = |together| made(&layer, layer_of.as_ref(), &x, together);
                (made(true), made(false))
            }) {
                assert_eq!(together, apart, "{activation:?}, pool {pool} on {engine:?}");
            }
        }
    }
}

#[test]
fn bits_do_not_depend_on_the_number_of_threads() {
    let (channels, filters) = unless_miri((8, 40), (2, 3));
    let layer = convolution(Activation::Elu, channels, filters);
    for samples in [1, unless_miri(9, 3)] {
        let x = random::<Float>(&[samples, SIZE, SIZE, channels], 3);
        for pool in pools().into_iter().step_by(unless_miri(1, 3)) {
            let made = [1, 2, 4].map(|threads| {
                set_threads(threads);
                made(&layer, pool.as_ref(), &x, true)
            });
            assert!(made.iter().all(|one| one == &made[0]));
        }
    }
}

#[test]
fn the_output_of_the_convolution_exists_nowhere() {
    let layer = convolution(Activation::Relu, 2, 4);
    let x = random::<Float>(&[2, SIZE, SIZE, 2], 3);
    for (engine, exists) in on_each(|| {
        [Mode::Inference, Mode::Training].map(|mode| {
            let exists = tape::run(mode, || {
                let between = layer.before_pooling(tape::constant(x.clone()));
                MaxPooling2D::new().call(between);
                between.is_made()
            });
            exists.unwrap()
        })
    }) {
        assert_eq!(exists, [engine == Engine::Portable; 2], "{engine:?}");
    }
}

#[test]
fn what_waits_is_made_for_whoever_asks() {
    let layer = convolution(Activation::Relu, 2, 4);
    let x = random::<Float>(&[2, SIZE, SIZE, 2], 3);
    for mode in [Mode::Inference, Mode::Training] {
        tape::run(mode, || {
            let x = tape::constant(x.clone());
            let (apart, waits) = (layer.call(x), layer.before_pooling(x));
            assert!(!waits.is_made());
            assert_eq!(waits.shape(), apart.shape());
            assert_eq!((waits * 2).to_array(), (apart * 2).to_array());
            assert_eq!(layer.before_pooling(x).to_array(), apart.to_array());
            let sum = |x: Var| tape::grad([x], |[x]| x.square().sum())[0].to_array();
            assert_eq!(sum(layer.before_pooling(x)), sum(apart));
        })
        .unwrap();
    }
}

#[test]
fn a_regularizer_sees_the_output() {
    let layer = convolution(Activation::Relu, 2, 4).activity_regularizer(Regularizer::L2(0.1));
    let x = random::<Float>(&[2, SIZE, SIZE, 2], 3);
    let loss = |together: bool| {
        tape::run(Mode::Training, || {
            let x = tape::constant(x.clone());
            let y = if together { layer.before_pooling(x) } else { layer.call(x) };
            MaxPooling2D::new().call(y);
            tape::terms()[0].value.to_array()
        })
    };
    assert_eq!(loss(true).unwrap(), loss(false).unwrap());
}
