use std::ops::{Add, Div, Mul, Neg, Sub};
use std::panic::Location;

use super::Reduction;
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
    /// The mean over all axes but the samples': a loss.
    #[track_caller]
    pub fn mean_per_sample(self) -> PerSample {
        match rest(self) {
            Some(axes) => PerSample::new(self.mean_axes(&axes, false)),
            None => PerSample::new(self),
        }
    }

    /// The sum over all axes but the samples': a loss.
    #[track_caller]
    pub fn sum_per_sample(self) -> PerSample {
        match rest(self) {
            Some(axes) => PerSample::new(self.sum_axes(&axes, false)),
            None => PerSample::new(self),
        }
    }
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
