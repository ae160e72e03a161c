//! Attention of many heads against its formula, Keras's numbers, and what it refuses.

use ndarray::{Array3, ArrayD, array};

use super::*;
use crate::gradcheck::random;

fn made(inputs: &[&[usize]], mut layer: MultiHeadAttention) -> MultiHeadAttention {
    let values: Vec<Value> = inputs.iter().map(|dims| Value::float(dims)).collect();
    layer.init(Seed::new(3), &values);
    layer
}

/// `x · kernel + bias` for one head, from the definition.
fn project(x: &ArrayD<Float>, w: &Projection, head: usize, sample: usize) -> Vec<Vec<Float>> {
    let (kernel, bias) = (w.kernel.get(), w.bias.as_ref().map(Parameter::get));
    let row = |t: usize| {
        let feature = |c: usize| {
            let sum: Float =
                (0..x.shape()[2]).map(|i| x[[sample, t, i]] * kernel[[i, head, c]]).sum();
            sum + bias.as_ref().map_or(0.0, |bias| bias[[head, c]])
        };
        (0..kernel.shape()[2]).map(feature).collect()
    };
    (0..x.shape()[1]).map(row).collect()
}

#[test]
fn the_output_is_that_of_the_formula() {
    let dims: [&[usize]; 3] = [&[4, 6], &[5, 3], &[5, 2]];
    let layer = MultiHeadAttention::new(2, 3)
        .value_dim(4)
        .output_shape(&[7])
        .bias_initializer(Initializer::RandomNormal(0.0, 1.0));
    let layer = made(&dims, layer);
    let sizes: [&[usize]; 3] = [&[2, 4, 6], &[2, 5, 3], &[2, 5, 2]];
    let x = [0, 1, 2].map(|i| random::<Float>(sizes[i], i as u64).to_array());
    let both = tape::run(Mode::Training, || {
        let inputs = [0, 1, 2].map(|i| Var::from_array(&x[i]));
        let [y, scores] = layer.call(&inputs, true, true).array();
        let alone = layer.call(&inputs, false, true).one();
        assert_eq!(y.to_array(), alone.to_array());
        [y.to_array(), scores.to_array()]
    });
    let [y, scores] = both.unwrap();
    assert_eq!((y.shape(), scores.shape()), (&[2, 4, 7][..], &[2, 2, 4, 5][..]));
    let (kernel, bias) = (&layer.attention_output.kernel, &layer.attention_output.bias);
    let (kernel, bias) = (kernel.get(), bias.as_ref().unwrap().get());
    for (sample, t) in [(0, 0), (0, 2), (1, 3)] {
        let mut expected: Vec<Float> = bias.iter().copied().collect();
        for head in 0..2 {
            let q = project(&x[0], &layer.query, head, sample);
            let k = project(&x[2], &layer.key, head, sample);
            let v = project(&x[1], &layer.value, head, sample);
            let dot = |s: usize| q[t].iter().zip(&k[s]).map(|(q, k)| q * k).sum::<Float>();
            // A causal mask: the first t + 1 keys.
            let exp: Vec<Float> = (0..=t).map(|s| (dot(s) / Float::of(3.0).sqrt()).exp()).collect();
            let sum: Float = exp.iter().sum();
            for s in 0..=t {
                let p = exp[s] / sum;
                assert!((scores[[sample, head, t, s]] - p).abs() < 1e-5);
                for (out, expected) in expected.iter_mut().enumerate() {
                    let mixed = (0..4).map(|c| v[s][c] * kernel[[head, c, out]]);
                    *expected += p * mixed.sum::<Float>();
                }
            }
        }
        for (out, expected) in expected.iter().enumerate() {
            assert!((y[[sample, t, out]] - expected).abs() < 1e-4);
        }
    }
}

#[test]
fn every_weight_gets_a_gradient_that_differences_confirm() {
    let dims: &[&[usize]] = &[&[3, 4], &[3, 4]];
    let layer = made(dims, MultiHeadAttention::new(2, 3));
    let x = random::<Float>(&[2, 3, 4], 5).to_array();
    let loss = || {
        let x = Var::from_array(&x);
        let [y, scores] = layer.call(&[x, x], true, true).array();
        y.square().sum() + scores.square().sum()
    };
    for (name, weight) in layer.named() {
        let gradient = tape::run(Mode::Training, || tape::backward(loss()).take(weight));
        let gradient = gradient.unwrap().unwrap_or_else(|| panic!("{name} gets no gradient"));
        let start = weight.get();
        let at = |i: usize, step: Float| {
            let mut moved = start.clone();
            moved.as_slice_mut().unwrap()[i] += step;
            weight.set(&moved).unwrap();
            tape::run(Mode::Inference, || loss().to_array().sum()).unwrap()
        };
        for i in [0, gradient.len() - 1] {
            let numeric = (at(i, 1e-2) - at(i, -1e-2)) / 2e-2;
            let error = (numeric - gradient[i]).abs();
            assert!(error < 2e-2, "{name}[{i}]: {} by backward, {numeric}", gradient[i]);
        }
        weight.set(&start).unwrap();
    }
}

#[test]
fn a_share_is_dropped_while_training_only() {
    let layer = made(&[&[4, 6], &[4, 6]], MultiHeadAttention::new(2, 3).dropout(0.5).seed(1));
    let x = random::<Float>(&[1, 4, 6], 5).to_array();
    let run = |mode, seed| {
        tape::run_seeded(mode, seed, || {
            let x = Var::from_array(&x);
            layer.call(&[x, x], false, false).one().to_array()
        })
        .unwrap()
    };
    assert_eq!(run(Mode::Inference, 1), run(Mode::Inference, 2));
    assert_eq!(run(Mode::Training, 1), run(Mode::Training, 1), "the seed decides");
    assert_ne!(run(Mode::Training, 1), run(Mode::Training, 2), "each step drops others");
    assert_ne!(run(Mode::Training, 1), run(Mode::Inference, 1));
}

#[test]
fn padding_changes_nothing() {
    let layer = made(&[&[3, 6], &[3, 6]], MultiHeadAttention::new(2, 3));
    let long = random::<Float>(&[2, 5, 6], 5).to_array();
    let short = long.slice(ndarray::s![.., ..3, ..]).to_owned();
    let mask = array![[1.0, 1.0, 1.0, 0.0, 0.0], [1.0, 1.0, 1.0, 0.0, 0.0]];
    let run = |query: bool, value: bool, key: bool| {
        tape::run(Mode::Inference, || {
            let mask = Var::from_array(&mask);
            let x = Var::from_array(&long);
            let input = |masked: bool| if masked { x.with_mask(mask) } else { x };
            let inputs = [input(query), input(value), input(key)];
            let y = layer.call(&inputs, false, false).one();
            assert_eq!(y.mask().is_some(), query);
            let short = Var::from_array(&short);
            let expected = layer.call(&[short, short], false, false).one();
            [y.to_array(), expected.to_array()]
        })
        .unwrap()
    };
    for (query, value, key) in [(true, true, true), (false, true, false), (true, false, true)] {
        let [y, expected] = run(query, value, key);
        let difference = &y.slice(ndarray::s![.., ..3, ..]) - &expected;
        assert!(difference.iter().all(|x| x.abs() < 1e-6), "{query} {value} {key}");
        if query {
            // A query that is masked attends to nothing, and the bias is 0.
            assert!(y.slice(ndarray::s![.., 3.., ..]).iter().all(|&x| x == 0.0));
        }
    }
    let [y, expected] = run(true, false, false);
    assert!((&y.slice(ndarray::s![.., ..3, ..]) - &expected).iter().any(|x| x.abs() > 1e-3));
}

#[test]
fn a_regularizer_counts_each_weight_once() {
    let layer = MultiHeadAttention::new(1, 1)
        .kernel_initializer(Initializer::Constant(2.0))
        .kernel_regularizer(Regularizer::L1(0.5));
    let layer = made(&[&[1, 1], &[1, 1]], layer);
    let sum = tape::run(Mode::Training, || {
        let x = Var::from_array(&Array3::<Float>::ones((1, 1, 1)));
        layer.call(&[x, x], false, false);
        layer.call(&[x, x], false, false);
        tape::terms().iter().map(|term| term.value.to_array().sum()).sum::<Float>()
    });
    assert_eq!(sum.unwrap(), 4.0);
}

#[test]
fn inputs_that_do_not_fit_are_an_error() {
    let layer = made(&[&[4, 6], &[4, 6]], MultiHeadAttention::new(2, 3));
    let call = |dims: [usize; 3], layer: &MultiHeadAttention| {
        let x = Array3::<Float>::zeros(dims);
        let y = tape::run(Mode::Inference, || {
            let x = Var::from_array(&x);
            layer.call(&[x, x], false, false).one().shape()
        });
        y.unwrap_err().to_string()
    };
    let text = call([2, 4, 5], &layer);
    let sentence = "one MultiHeadAttention has one set of weights: its query.kernel is (6, 2, \
                    3), but this input needs (5, 2, 3)\n";
    assert!(text.starts_with(sentence), "{text}");
    let text = call([2, 4, 6], &MultiHeadAttention::new(2, 3));
    assert!(text.contains("MultiHeadAttention"), "{text}");
}

/// `sin(k · i + k)` for the i-th number.
fn wave(dims: &[usize], k: f64) -> ArrayD<Float> {
    let mut i = 0.0;
    ArrayD::from_shape_simple_fn(dims, || {
        i += 1.0;
        Float::of((k * i).sin())
    })
}

/// What a layer makes with waves for weights and inputs, the value masked, the query as well if it
/// is asked for, and no look ahead.
fn with_waves(layer: &dyn Layer, key: ArrayD<Float>, query: bool, run: impl Fn(&[Var]) -> Vars) {
    let mut k = 0.1;
    layer.visit(&mut Visitor::new(&mut |_, weight| {
        k += 0.2;
        weight.set(&wave(weight.shape().dims(), k)).unwrap();
    }));
    tape::run(Mode::Inference, || {
        let mask = Var::from_array(&array![[1.0, 1.0, 1.0, 0.0, 0.0], [1.0, 0.0, 1.0, 1.0, 1.0]]);
        let value = Var::from_array(&wave(&[2, 5, 3], 0.9)).with_mask(mask);
        let mut q = Var::from_array(&wave(&[2, 3, 4], 0.7));
        if query {
            q = q.with_mask(Var::from_array(&array![[1.0, 1.0, 0.0], [1.0, 1.0, 1.0]]));
        }
        run(&[q, value, Var::from_array(&key)]);
    })
    .unwrap();
}

#[track_caller]
fn close(y: Var, expected: &[f64]) {
    let y = y.to_array();
    assert_eq!(y.len(), expected.len());
    for (y, expected) in y.iter().zip(expected) {
        assert!((y.as_f64() - expected).abs() < 1e-5, "{y}, not {expected}");
    }
}

#[test]
fn many_heads_are_as_in_keras() {
    let dims: [&[usize]; 3] = [&[3, 4], &[5, 3], &[5, 2]];
    let layer = made(&dims, MultiHeadAttention::new(2, 3).output_shape(&[2]));
    // Keras 3.15.1 on JAX, in float32.
    let expected = [
        1.188_447_5,
        -1.544_309_0,
        1.166_714_4,
        -1.046_240_8,
        1.104_410_3,
        -0.965_442_8,
        1.000_703_2,
        -0.975_519_1,
        1.000_703_2,
        -0.975_519_1,
        1.027_747_4,
        -1.255_804_0,
    ];
    with_waves(&layer, wave(&[2, 5, 2], 1.1), false, |inputs| {
        let y = layer.call(inputs, false, true);
        close(y[0], &expected);
        y
    });
}

#[test]
fn attention_is_as_in_keras() {
    let key = || wave(&[2, 5, 4], 0.5);
    // Keras 3.15.1 on JAX, in float32: all but the second and the last position are the same.
    let expected = |second: [f64; 3], last: [f64; 3]| {
        let first = [0.783_326_9, 0.973_847_6, 0.427_379_9];
        let other = [0.965_657_8, 0.396_740_6, -0.472_422_0];
        [first, second, [0.0; 3], other, other, last].concat()
    };
    let mut dot = crate::Attention::new().use_scale(true);
    let mut concat = crate::Attention::new().use_scale(true).score_mode(crate::ScoreMode::Concat);
    let mut additive = crate::AdditiveAttention::new();
    let values = [&[3, 4], &[5, 3], &[5, 4]].map(|dims: &[usize; 2]| Value::float(dims));
    for layer in [&mut dot as &mut dyn Layer, &mut concat, &mut additive] {
        layer.init(Seed::new(0), &values);
    }
    with_waves(&dot, key(), true, |inputs| {
        let y = dot.call(inputs, false, true);
        let second = [-0.080_663_7, -0.401_504_8, -0.418_495_0];
        close(y[0], &expected(second, [0.874_157_2, 0.736_539_5, 0.041_523_4]));
        y
    });
    with_waves(&concat, key(), true, |inputs| {
        let y = concat.call(inputs, false, true);
        let second = [0.317_140_0, 0.231_743_2, -0.029_032_3];
        close(y[0], &expected(second, [0.866_106_8, 0.766_435_7, 0.086_741_3]));
        y
    });
    with_waves(&additive, key(), true, |inputs| {
        let y = additive.call(inputs, false, true);
        let second = [0.645_945_5, 0.755_155_6, 0.292_879_0];
        close(y[0], &expected(second, [0.838_408_0, 0.869_299_1, 0.242_322_0]));
        y
    });
}
