use super::{IntoLoss, Loss, PerSample, Target};
use crate::float::Scalar;
use crate::pool::Buffer;
use crate::tensor::Tensor;
use crate::{Error, Float, Var, tape};

/// How the losses of a batch become the one number that training makes small; Keras's argument
/// [`reduction`](https://keras.io/api/losses/).
///
/// A loss gives one number `l` for each sample, or for each of its positions. Each has a weight
/// `w`: its sample's, 1 where there are no sample weights. Keras's `none` is not there, because
/// training needs one number.
///
/// Chosen with [`IntoLoss::with_reduction`], for every loss:
///
/// ```
/// use model_runtime::prelude::*;
/// let named = "mse".with_reduction(Reduction::Sum);
/// let absolute = per_sample(|y_true, y_pred| (y_pred - y_true).abs().mean_per_sample())
///     .with_reduction(Reduction::MeanWithSampleWeight);
/// # fn takes(_: impl IntoLoss) {}
/// # takes(named);
/// # takes(absolute);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reduction {
    /// `Σ w·l`, divided by how many numbers there are; those that a mask leaves out do not count.
    #[default]
    SumOverBatchSize,
    /// `Σ w·l`.
    Sum,
    /// `Σ w·l / Σ w`.
    MeanWithSampleWeight,
}

impl Reduction {
    /// The one number, 0 where nothing counts. `weights` are those of the samples.
    #[track_caller]
    pub(crate) fn reduce(self, losses: PerSample, weights: Option<&[Float]>) -> Var {
        let values = losses.var();
        let mask = losses.mask().map(Var::tensor);
        if values.is_poison() || weights.is_none() && mask.is_none() {
            return if self == Reduction::Sum { values.sum() } else { values.mean() };
        }
        let shape = values.shape();
        let positions = shape.dims()[1..].iter().product::<usize>();
        let masked = |i: usize| mask.as_ref().map_or(1.0, |mask| mask.data()[i]);
        let weight = |i: usize| masked(i) * weights.map_or(1.0, |weights| weights[i / positions]);
        let size = values.tensor().len();
        let each: Buffer<Float> = (0..size).map(weight).collect();
        let count: f64 = match self {
            Reduction::SumOverBatchSize => (0..size).map(|i| masked(i).as_f64()).sum(),
            Reduction::Sum => 1.0,
            Reduction::MeanWithSampleWeight => each.iter().map(|weight| weight.as_f64()).sum(),
        };
        let sum = (values * tape::constant(Tensor::of(shape, each))).sum();
        // Without a weight there is no loss, and the sum is 0.
        if count == 0.0 { sum } else { sum / Float::of(count) }
    }
}

/// A loss with another [`Reduction`]: what [`IntoLoss::with_reduction`] returns.
#[derive(Clone, Copy, Debug)]
pub struct Reduced<L> {
    pub(super) loss: L,
    pub(super) reduction: Reduction,
}

impl<L: IntoLoss> IntoLoss for Reduced<L> {
    fn into_loss(self) -> Result<Option<Box<dyn Loss>>, Error> {
        let reduce = |loss| Box::new(WithReduction { loss, reduction: self.reduction }) as Box<_>;
        Ok(self.loss.into_loss()?.map(reduce))
    }
}

struct WithReduction {
    loss: Box<dyn Loss>,
    reduction: Reduction,
}

impl Loss for WithReduction {
    #[track_caller]
    fn per_sample(&self, y_true: Var, y_pred: Var) -> PerSample {
        self.loss.per_sample(y_true, y_pred)
    }

    fn name(&self) -> String {
        self.loss.name()
    }

    fn needs_target(&self) -> bool {
        self.loss.needs_target()
    }

    fn direction(&self) -> Option<crate::metric::Direction> {
        self.loss.direction()
    }

    fn variables(&self) -> Vec<&crate::Variable> {
        self.loss.variables()
    }

    fn reduction(&self) -> Reduction {
        self.reduction
    }

    fn check(&self, target: &Target<'_>) -> Result<(), Error> {
        self.loss.check(target)
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{ArrayD, array};

    use super::*;
    use crate::Mode;

    const ALL: [Reduction; 3] =
        [Reduction::SumOverBatchSize, Reduction::Sum, Reduction::MeanWithSampleWeight];

    fn run(
        losses: ArrayD<Float>,
        weights: Option<&[Float]>,
        mask: Option<ArrayD<Float>>,
    ) -> [Float; 3] {
        let result = tape::run(Mode::Inference, || {
            let losses = PerSample::new(Var::from_array(&losses));
            let losses = match &mask {
                Some(mask) => losses.with_mask(Var::from_array(mask)),
                None => losses,
            };
            ALL.map(|reduction| reduction.reduce(losses, weights).to_array().sum())
        });
        result.unwrap()
    }

    #[test]
    fn each_is_the_formula() {
        let losses = array![1.0, 4.0].into_dyn();
        assert_eq!(run(losses.clone(), None, None), [2.5, 5.0, 2.5]);
        assert_eq!(run(losses.clone(), Some(&[1.0, 3.0]), None), [6.5, 13.0, 3.25]);
        assert_eq!(run(losses, Some(&[0.0, 0.0]), None), [0.0, 0.0, 0.0]);
    }

    #[test]
    fn a_sample_weighs_each_of_its_positions() {
        let losses = array![[1.0, 2.0], [3.0, 6.0]].into_dyn();
        assert_eq!(run(losses.clone(), None, None), [3.0, 12.0, 3.0]);
        assert_eq!(run(losses, Some(&[1.0, 3.0]), None), [7.5, 30.0, 3.75]);
    }

    #[test]
    fn what_is_masked_does_not_count() {
        let losses = array![[1.0, 2.0], [3.0, 6.0]].into_dyn();
        let mask = array![[1.0, 0.0], [1.0, 1.0]].into_dyn();
        assert_eq!(run(losses.clone(), None, Some(mask.clone())), [10.0 / 3.0, 10.0, 10.0 / 3.0]);
        let weighted = run(losses.clone(), Some(&[1.0, 3.0]), Some(mask.clone()));
        assert_eq!(weighted, [28.0 / 3.0, 28.0, 4.0]);
        assert_eq!(run(losses, None, Some(mask * 0.0)), [0.0, 0.0, 0.0]);
    }

    #[test]
    fn every_kind_of_loss_takes_one() {
        let closure = |t: Var, p: Var| (p - t).sum_per_sample();
        let none: Option<&str> = None;
        for loss in [
            "mse".with_reduction(Reduction::Sum).into_loss(),
            closure.with_reduction(Reduction::Sum).into_loss(),
            Some("huber").with_reduction(Reduction::Sum).into_loss(),
        ] {
            assert_eq!(loss.unwrap().unwrap().reduction(), Reduction::Sum);
        }
        assert!(none.with_reduction(Reduction::Sum).into_loss().unwrap().is_none());
        assert!("msee".with_reduction(Reduction::Sum).into_loss().is_err());
    }
}
