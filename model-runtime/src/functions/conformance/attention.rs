//! Attention, and positions for it.

use super::*;

pub fn cases() -> Vec<Case> {
    let (same, other): (Dims, Dims) = (&[&[4, 6], &[4, 6]], &[&[4, 6], &[5, 3], &[5, 6]]);
    let (yes, no, none) = (Bool(true), Bool(false), Number(0.0));
    vec![
        layer(
            "MultiHeadAttention",
            &[Int(2), Int(3), Unset, none, yes, Unset, Unset],
            same,
            MultiHeadAttention::new(2, 3),
        ),
        layer(
            "MultiHeadAttention",
            &[Int(2), Int(3), Int(5), Number(0.2), no, tuple(&[2, 7]), Int(2)],
            other,
            MultiHeadAttention::new(2, 3)
                .value_dim(5)
                .dropout(0.2)
                .use_bias(false)
                .output_shape(&[2, 7])
                .sliding_window(2),
        ),
        layer(
            "MultiHeadAttention",
            &[Int(2), Int(3), Unset, none, yes, Unset, Unset],
            &[&[4, 6], &[5, 3], &[5, 6], &[4, 5]],
            MultiHeadAttention::new(2, 3),
        ),
        layer("Attention", &[no, Word("dot"), none], other, Attention::new()),
        layer(
            "Attention",
            &[yes, Word("concat"), Number(0.5)],
            other,
            Attention::new().use_scale(true).score_mode(ScoreMode::Concat).dropout(0.5),
        ),
        layer("AdditiveAttention", &[yes, none], other, AdditiveAttention::new()),
        layer("AdditiveAttention", &[no, none], same, AdditiveAttention::new().use_scale(false)),
        layer("PositionEmbedding", &[Int(8)], &[&[5, 3]], PositionEmbedding::new(8)),
    ]
}
