//! Models of `model!` with attention.

use model_runtime::prelude::*;
use ndarray::{Array3, s};

mod sizes {
    pub const HEADS: usize = 2;
}
use sizes::HEADS;

model! {
    /// One block of a transformer.
    fn block(x, heads) {
        a = MultiHeadAttention(heads, key_dim = 4, dropout = 0.1)(x, x, use_causal_mask = true);
        x = x + a;
        x + Dense(6)(Dense(12, gelu)(x))
    }

    pub struct Causal {
        steps = Input(_, 6);
        x = steps + PositionEmbedding(9)(steps);
        for _ in 0..2 { x = block(x, 2); }
        y = Dense(3)(x);
    }

    /// Three sequences, by name and by place, and what was seen where.
    pub struct Several {
        query = Input(4, 6);
        value = Input(5, 3);
        key = Input(5, 2);
        attend = MultiHeadAttention(2, 8, value_dim = 5, output_shape = 7, use_bias = false);
        (mixed, scores) = attend(query, value, key = key, return_attention_scores = true);
        q = Dense(2)(query);
        dots = Attention(use_scale = true);
        (dot, weights) = dots([q, value, key], return_attention_scores = true);
        concat = Attention(score_mode = concat)(q, value, key);
        additive = AdditiveAttention()(query = q, value = value, key = key, use_causal_mask = true);
        (mixed, scores, dot, weights, concat, additive)
    }

    /// Which step sees which is an input.
    pub struct Seen {
        x = Input(4, 6);
        seen = Input(4, 4, dtype = int32);
        attend = MultiHeadAttention(2, 8);
        y = attend(x, x, attention_mask = seen);
        z = attend(x, x, use_causal_mask = true);
        w = attend([x, x, x, seen]);
        (y, z, w)
    }

    /// Sizes that only rustc knows.
    pub struct Deferred {
        x = Input(5, 6);
        (y, scores) = MultiHeadAttention(HEADS, 3)(x, x, return_attention_scores = true);
        (y, scores)
    }
}

fn steps(samples: usize, t: usize, n: usize) -> Array3<f32> {
    Array3::from_shape_fn((samples, t, n), |(i, j, k)| ((i * 31 + j * 7 + k * 3) as f32).sin())
}

#[test]
fn a_position_sees_nothing_that_comes_after_it() {
    let net = Causal::new(0);
    let whole = net.predict(&steps(2, 7, 6)).unwrap();
    let part = net.predict(&steps(2, 7, 6).slice(s![.., ..4, ..])).unwrap();
    assert_eq!(whole.shape(), [2, 7, 3]);
    let difference = &whole.slice(s![.., ..4, ..]) - &part;
    assert!(difference.iter().all(|x| x.abs() < 1e-5));
    let paths: Vec<String> = net.parameters().into_iter().map(|(path, _)| path).collect();
    for name in ["query.kernel", "query.bias", "key.kernel", "value.bias", "attention_output.bias"]
    {
        assert!(paths.iter().any(|path| path.ends_with(&format!(".{name}"))), "{name}: {paths:?}");
    }
    let error = net.predict(&steps(2, 10, 6)).unwrap_err().to_string();
    assert!(error.contains("a vector for 9 positions, but the input has 10"), "{error}");
}

#[test]
fn what_comes_before_is_learned() {
    // The answer at each position is the first number of the sequence.
    let x = steps(64, 5, 6);
    let y = Array3::from_shape_fn((64, 5, 3), |(i, _, k)| x[[i, 0, k]]);
    let mut trainer = Causal::new(1).compile(Adam::new(1e-2), "mse").unwrap();
    let before = trainer.evaluate(&x, &y).unwrap()["loss"];
    trainer.fit(&x, &y, Fit::epochs(60).verbose(0)).unwrap();
    let after = trainer.evaluate(&x, &y).unwrap()["loss"];
    assert!(after < before / 20.0, "from {before} to {after}");
}

#[test]
fn inputs_by_name_and_scores() {
    let net = Several::new(0);
    let inputs =
        SeveralInputs { query: &steps(2, 4, 6), value: &steps(2, 5, 3), key: &steps(2, 5, 2) };
    let y = net.predict(inputs).unwrap();
    assert_eq!(y.mixed.shape(), [2, 4, 7]);
    assert_eq!(y.scores.shape(), [2, 2, 4, 5]);
    assert_eq!((y.dot.shape(), y.weights.shape()), (&[2, 4, 3][..], &[2, 4, 5][..]));
    assert_eq!((y.concat.shape(), y.additive.shape()), (&[2, 4, 3][..], &[2, 4, 3][..]));
    for sum in
        y.scores.sum_axis(ndarray::Axis(3)).iter().chain(&y.weights.sum_axis(ndarray::Axis(2)))
    {
        assert!((sum - 1.0).abs() < 1e-5);
    }
    assert_eq!(Several::GRAPH.parameters(), Some(net.count_params()));
}

#[test]
fn sizes_of_rust_are_found_by_const_evaluation() {
    let net = Deferred::new(0);
    let y = net.predict(&steps(2, 5, 6)).unwrap();
    assert_eq!((y.y.shape(), y.scores.shape()), (&[2, 5, 6][..], &[2, HEADS, 5, 5][..]));
    assert_eq!(Deferred::GRAPH.parameters(), Some(net.count_params()));
    assert_eq!(net.count_params(), 4 * 6 * HEADS * 3 + 3 * HEADS * 3 + 6);
}

#[test]
fn a_mask_says_which_step_sees_which() {
    let (x, before) = (steps(2, 4, 6), Array3::from_shape_fn((2, 4, 4), |(_, t, s)| s <= t));
    let seen = Seen::new(0).predict(SeenInputs { x: &x, seen: &before });
    let seen = seen.unwrap();
    assert_eq!(seen.y, seen.z);
    assert_eq!(seen.y, seen.w);
}
