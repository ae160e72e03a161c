use model_spec::Shape;

use super::support::{aligned, positions};
use super::{Loss, PerSample, Target};
use crate::float::Scalar;
use crate::ops::cross_entropy::EPSILON;
use crate::tensor::Tensor;
use crate::{Error, Float, Var, tape};

const NAME: &str = "dice";

/// `1 - 2 · Σ t · p / (Σ t + Σ p + 1e-7)`: how little two masks overlap
/// ([Milletari et al., 2016](https://arxiv.org/abs/1606.04797), without the squares);
/// [Keras's
/// `Dice`](https://keras.io/api/losses/segmentation_losses/).
///
/// Targets from 0 to 1 and predictions have the same shape `(samples, …)`. As in Keras, the sums
/// are by default over all numbers of a batch, so each sample has the same loss; with axes, each
/// sample has its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dice {
    axis: Option<Vec<isize>>,
}

impl Dice {
    /// Over the whole batch.
    pub fn new() -> Dice {
        Dice::default()
    }

    /// The axes to sum over, such as `&[1, 2, 3]` of images. As in Keras, 0 is that of the samples,
    /// which cannot be chosen; by default, all are.
    pub fn axis(mut self, axis: &[isize]) -> Dice {
        self.axis = Some(axis.to_vec());
        self
    }

    /// Refuses axes that are not there, or the samples'. The rank includes the samples.
    fn check_axis(&self, rank: usize) -> Result<(), Error> {
        let rank = rank as isize;
        let axes = self.axis.as_deref().unwrap_or_default();
        let fits = |axis: &isize| (1..rank).contains(&if *axis < 0 { axis + rank } else { *axis });
        if axes.iter().all(fits) {
            return Ok(());
        }
        let (name, value) = ("axis", format!("{axes:?}"));
        Err(Error::Option { name, value, expected: "axes of the output after the samples'" })
    }
}

/// The formula, with sums as given.
#[track_caller]
fn dice(t: Var, p: Var, sum: impl Fn(Var) -> Var) -> Var {
    1 - sum(t * p) * 2 / (sum(t) + sum(p) + Float::of(EPSILON))
}

impl Loss for Dice {
    #[track_caller]
    fn per_sample(&self, y_true: Var, y_pred: Var) -> PerSample {
        let samples = y_pred.shape().dim(0);
        aligned(y_true, y_pred, NAME, |t, p| {
            if let Err(error) = self.check_axis(p.shape().rank()) {
                return tape::fail(error);
            }
            match &self.axis {
                Some(axes) => positions(dice(t, p, |x| x.sum_axes(axes, false))).var(),
                None => {
                    let each = tape::constant(Tensor::zeros(Shape::new(&[samples])));
                    dice(t, p, Var::sum) + each
                }
            }
        })
    }

    fn name(&self) -> String {
        NAME.to_owned()
    }

    fn needs_target(&self) -> bool {
        true
    }

    fn check(&self, target: &Target<'_>) -> Result<(), Error> {
        self.check_axis(target.output.rank() + 1)?;
        target.is_binary(NAME)
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;
    use crate::loss::support::tests::{check, close, gradient};

    #[test]
    fn it_is_the_formula_over_the_batch_or_the_axes() {
        let t = array![[[1.0, 0.0], [1.0, 1.0]], [[0.0, 0.0], [1.0, 0.0]]].into_dyn();
        let p = array![[[0.5, 0.5], [1.0, 0.0]], [[0.0, 0.5], [0.5, 0.0]]].into_dyn();
        let all = 1.0 - 2.0 * 2.0 / (4.0 + 3.0);
        close(&Dice::new(), &t, &p, &[all, all]);
        let each = [1.0 - 3.0 / 5.0, 1.0 - 1.0 / 2.0];
        close(&Dice::new().axis(&[1, 2]), &t, &p, &each);
        let by_class = [1.0 - 3.0 / 3.5, 1.0, 1.0 - 1.0 / 1.5, 1.0];
        close(&Dice::new().axis(&[1]), &t, &p, &by_class);
        gradient(&Dice::new(), &t, &p);
        gradient(&Dice::new().axis(&[-2, -1]), &t, &p);
    }

    #[test]
    fn axes_are_checked() {
        let text = check(&Dice::new().axis(&[0, 1]), &[2], &[0.0, 1.0], &[2]).unwrap_err();
        assert!(text.starts_with("`axis` is [0, 1], but must be axes of the output"), "{text}");
        assert!(check(&Dice::new(), &[1], &[2.0], &[1]).is_err());
    }
}
