//! Normalisations, noise, and what prepares data.

use super::*;

pub fn cases() -> Vec<Case> {
    let (image, sequence): (Dims, Dims) = (&[&[2, 3, 4]], &[&[3, 4]]);
    let (yes, no, last) = (Bool(true), Bool(false), Int(-1));
    let (half, zero) = (Number(0.5), Number(0.0));
    let batch = |axis, both| [axis, Unset, zero, both, both];
    let table = [Int(7), Int(2), Unset, Unset, Unset, no];
    vec![
        of_kind(Kind::Index, "Embedding", &table, &[&[3]], Embedding::new(7, 2)),
        of_kind(Kind::Index, "Embedding", &table, &[&[]], Embedding::new(7, 2)),
        layer("Masking", &[zero], sequence, Masking::new()),
        layer("PReLU", &[Unset; 4], image, PReLU::new()),
        layer("PReLU", &[Unset, Unset, Unset, tuple(&[1, 2])], image, {
            PReLU::new().shared_axes(&[1, 2])
        }),
        layer("Rescaling", &[half, zero], image, Rescaling::new(0.5)),
        layer("Normalization", &[last, Unset, Unset, no], image, Normalization::new()),
        layer("Normalization", &[tuple(&[]), Unset, Unset, no], image, {
            Normalization::new().axis(&[])
        }),
        layer("Normalization", &[last, half, half, yes], image, {
            Normalization::new().mean(0.5).variance(0.5).invert(true)
        }),
        layer("BatchNormalization", &batch(last, yes), image, BatchNormalization::new()),
        layer("BatchNormalization", &batch(Int(1), no), image, {
            BatchNormalization::new().axis(1).center(false).scale(false)
        }),
        layer("LayerNormalization", &[last, zero, yes, yes], image, LayerNormalization::new()),
        layer("LayerNormalization", &[tuple(&[1, 3]), zero, no, yes], image, {
            LayerNormalization::new().axis(&[1, 3]).center(false)
        }),
        layer("GroupNormalization", &[Int(2), last, zero, yes, yes], image, {
            GroupNormalization::new().groups(2)
        }),
        layer("GroupNormalization", &[last, Int(2), zero, yes, no], image, {
            GroupNormalization::new().groups(-1).axis(2).scale(false)
        }),
        layer("RMSNormalization", &[tuple(&[2, 3]), zero], image, {
            RMSNormalization::new().axis(&[2, 3])
        }),
        layer("UnitNormalization", &[last], image, UnitNormalization::new()),
        layer("SpatialDropout1D", &[half, Unset], sequence, SpatialDropout1D::new(0.5)),
        layer("SpatialDropout2D", &[half, Unset], image, SpatialDropout2D::new(0.5)),
        layer("GaussianNoise", &[half, Unset], image, GaussianNoise::new(0.5)),
        layer("GaussianDropout", &[half, Unset], image, GaussianDropout::new(0.5)),
        layer("ActivityRegularization", &[zero, half], image, {
            ActivityRegularization::new().l2(0.5)
        }),
    ]
}
