use std::ops::{Add, Div, Mul, Neg, Sub};
use std::panic::Location;

use super::Reduction;
use crate::ops::binary::Binary;
use crate::tensor::Tensor;
use crate::{Error, Float, Var, tape};

/// The loss of each sample: what a loss returns, so that samples can be weighted one by one.
///
/// It is a [`Var`] of the shape `(samples)`, or `(samples, positions)` for sequences, and is made
/// by [`Var::mean_per_sample`] or [`Var::sum_per_sample`]. It is added to and multiplied by others
/// of its kind and numbers.
///
/// ```
/// use model_runtime::prelude::*;
/// fn loss(y_true: Var, y_pred: Var) -> PerSample {
///     (y_pred - y_true).abs().mean_per_sample() * 0.5
/// }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct PerSample {
    losses: Var,
    mask: Option<Var>,
}

impl PerSample {
    /// A value that is one number for each sample already, or one for each position of each sample.
    ///
    /// Of any other shape, one number for all among them, it is the step's error.
    #[track_caller]
    pub fn new(var: Var) -> PerSample {
        let shape = var.shape();
        if var.is_poison() || (1..=2).contains(&shape.rank()) {
            return PerSample { losses: var, mask: None };
        }
        let (got, location) = (shape.dims().to_vec(), Some(Location::caller()));
        let poison = tape::fail(Error::NotPerSample { loss: None, got, samples: None, location });
        PerSample { losses: poison, mask: None }
    }

    /// With 1 for each number that counts and 0 for each that does not, in the same shape.
    pub(crate) fn with_mask(self, mask: Var) -> PerSample {
        PerSample { mask: Some(mask), ..self }
    }

    /// Without the numbers of positions that the prediction's mask leaves out. One number for a
    /// whole sample stays: whoever made it has seen to the mask.
    #[track_caller]
    pub(crate) fn with_mask_of(self, prediction: Var) -> PerSample {
        let Some(mask) = prediction.mask().filter(|_| !self.losses.is_poison()) else {
            return self;
        };
        let (shape, mask) = (self.losses.shape(), mask.tensor());
        let count = |dims: &[usize]| dims[1..].iter().product::<usize>();
        let (positions, masked) = (count(shape.dims()), count(mask.shape().dims()));
        if masked == 0 || positions == 0 || !positions.is_multiple_of(masked) {
            return self;
        }
        let numbers = (0..self.losses.tensor().len()).map(|i| mask.data()[i * masked / positions]);
        let mask = tape::constant(Tensor::of(shape, numbers.collect()));
        self.with_mask(self.mask.map_or(mask, |other| other * mask))
    }

    /// What [`PerSample::with_mask`] was given.
    pub(crate) fn mask(self) -> Option<Var> {
        self.mask
    }

    /// The mean over all samples, one number.
    #[track_caller]
    pub fn mean(self) -> Var {
        Reduction::SumOverBatchSize.reduce(self, None)
    }

    /// The numbers.
    pub fn var(self) -> Var {
        self.losses
    }
}

impl Var {
    /// The mean over all axes but the samples': a loss. Of a masked value, positions that are
    /// masked do not count.
    #[track_caller]
    pub fn mean_per_sample(self) -> PerSample {
        match (rest(self), self.mask()) {
            (Some(axes), None) => PerSample::new(self.mean_axes(&axes, false)),
            (Some(axes), Some(mask)) => {
                let positions = self.mean_axes(&axes[mask.shape().rank() - 1..], false);
                PerSample::new(masked_sum(positions, mask, true))
            }
            (None, _) => PerSample::new(self),
        }
    }

    /// The sum over all axes but the samples': a loss. Of a masked value, positions that are masked
    /// do not count.
    #[track_caller]
    pub fn sum_per_sample(self) -> PerSample {
        match (rest(self), self.mask()) {
            (Some(axes), None) => PerSample::new(self.sum_axes(&axes, false)),
            (Some(axes), Some(mask)) => {
                let positions = self.sum_axes(&axes[mask.shape().rank() - 1..], false);
                PerSample::new(masked_sum(positions, mask, false))
            }
            (None, _) => PerSample::new(self),
        }
    }
}

/// The sum over the positions of each sample that count, one number for each; or their mean.
#[track_caller]
fn masked_sum(values: Var, mask: Var, mean: bool) -> Var {
    let mut weights = mask.tensor();
    let samples = weights.shape().dim(0);
    let positions = (weights.len() / samples.max(1)).max(1);
    if mean {
        for row in weights.data_mut().chunks_exact_mut(positions) {
            let count = row.iter().sum::<Float>().max(1.0);
            row.iter_mut().for_each(|weight| *weight /= count);
        }
    }
    let axes: Vec<isize> = (1..mask.shape().rank() as isize).collect();
    let weighted = tape::apply(Binary::Mul, &[values, tape::constant(weights)]);
    if axes.is_empty() { weighted } else { weighted.sum_axes(&axes, false) }
}

/// The axes after the samples', if there are any.
#[track_caller]
fn rest(var: Var) -> Option<Vec<isize>> {
    let rank = var.shape().rank();
    (rank > 1).then(|| (1..rank as isize).collect())
}

macro_rules! operators {
    ($($trait:ident::$method:ident $op:tt;)*) => {$(
        impl $trait<PerSample> for PerSample {
            type Output = PerSample;

            #[track_caller]
            fn $method(self, other: PerSample) -> PerSample {
                let mask = match (self.mask, other.mask) {
                    (Some(a), Some(b)) => Some(a * b),
                    (a, b) => a.or(b),
                };
                PerSample { mask, ..PerSample::new(self.losses $op other.losses) }
            }
        }

        operators!(@with $trait::$method $op Var);
        operators!(@with $trait::$method $op Float);
        operators!(@with $trait::$method $op i32);
    )*};
    (@with $trait:ident::$method:ident $op:tt $other:ty) => {
        impl $trait<$other> for PerSample {
            type Output = PerSample;

            #[track_caller]
            fn $method(self, other: $other) -> PerSample {
                PerSample { mask: self.mask, ..PerSample::new(self.losses $op other) }
            }
        }

        impl $trait<PerSample> for $other {
            type Output = PerSample;

            #[track_caller]
            fn $method(self, other: PerSample) -> PerSample {
                PerSample { mask: other.mask, ..PerSample::new(self $op other.losses) }
            }
        }
    };
}

operators! {
    Add::add +;
    Sub::sub -;
    Mul::mul *;
    Div::div /;
}

impl Neg for PerSample {
    type Output = PerSample;

    #[track_caller]
    fn neg(self) -> PerSample {
        PerSample { losses: -self.losses, ..self }
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{ArrayD, array};

    use super::*;
    use crate::Mode;

    fn run(loss: impl FnOnce(Var) -> PerSample) -> Result<ArrayD<Float>, Error> {
        let x = array![[[1.0, 2.0], [3.0, 6.0]], [[0.0, 0.0], [0.0, 4.0]]];
        tape::run(Mode::Inference, || loss(Var::from_array(&x)).var().to_array())
    }

    #[test]
    fn reductions_keep_the_samples() {
        assert_eq!(run(Var::mean_per_sample), Ok(array![3.0, 1.0].into_dyn()));
        assert_eq!(run(Var::sum_per_sample), Ok(array![12.0, 4.0].into_dyn()));
        assert_eq!(
            run(|x| x.mean_per_sample().var().mean_per_sample()),
            Ok(array![3.0, 1.0].into_dyn())
        );
    }

    #[test]
    fn arithmetic_stays_per_sample() {
        let loss = |x: Var| {
            let one = x.mean_per_sample();
            let k = Var::scalar(2.0);
            -(one - one * k + 1 - 0.5 * one + k * one) / 2 + (1 - one) * one
        };
        let expected = |a: Float| -(a - a * 2.0 + 1.0 - 0.5 * a + 2.0 * a) / 2.0 + (1.0 - a) * a;
        assert_eq!(run(loss), Ok(array![expected(3.0), expected(1.0)].into_dyn()));
    }

    #[test]
    fn what_is_masked_does_not_count() {
        let mask = array![[1.0, 0.0], [0.0, 0.0]];
        let masked = |x: Var| x.with_mask(Var::from_array(&mask));
        assert_eq!(run(|x| masked(x).mean_per_sample()), Ok(array![1.5, 0.0].into_dyn()));
        assert_eq!(run(|x| (masked(x) * 2).sum_per_sample()), Ok(array![6.0, 0.0].into_dyn()));
        let samples = |x: Var| x.with_mask(Var::from_array(&array![1.0, 0.0]));
        assert_eq!(run(|x| samples(x).mean_per_sample()), Ok(array![3.0, 0.0].into_dyn()));
    }

    #[test]
    fn a_prediction_masks_the_positions_of_its_loss() {
        let mask = array![[1.0, 0.0], [1.0, 1.0]];
        let of = |x: Var, losses: Var| {
            let masked = x.with_mask(Var::from_array(&mask));
            PerSample::new(losses).with_mask_of(masked).mask().map(Var::to_array)
        };
        let check = |losses: fn(Var) -> Var, expected: Option<ArrayD<Float>>| {
            let x = array![[[1.0, 2.0], [3.0, 6.0]], [[0.0, 0.0], [0.0, 4.0]]];
            let got = tape::run(Mode::Inference, || {
                let x = Var::from_array(&x);
                of(x, losses(x))
            });
            assert_eq!(got, Ok(expected));
        };
        check(|x| x.max_axes(&[2], false), Some(mask.clone().into_dyn()));
        let both = array![[1.0, 1.0, 0.0, 0.0], [1.0, 1.0, 1.0, 1.0]];
        check(|x| x.reshape(&[-1, 4]), Some(both.into_dyn()));
        check(|x| x.max_axes(&[1, 2], false), None);
    }

    #[test]
    fn one_number_for_all_is_an_error() {
        for loss in [|x: Var| PerSample::new(x.mean()), |x: Var| x.mean().mean_per_sample()] {
            let text = run(loss).unwrap_err().to_string();
            assert!(
                text.contains("not one number for each sample, but one number for all"),
                "{text}"
            );
            assert!(text.contains("per_sample.rs"), "{text}");
        }
        let text = run(PerSample::new).unwrap_err().to_string();
        assert!(text.contains("a sample has numbers of the shape (2, 2)"), "{text}");
    }
}
