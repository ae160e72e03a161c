use super::support::aligned;
use super::{Loss, PerSample, Target};
use crate::float::Scalar;
use crate::ops::cross_entropy::EPSILON;
use crate::{Error, Float, Var, tape};

const NAME: &str = "cosine_similarity";

/// `-Σ t · p / (|t| · |p|)` along an axis: -1 where targets and predictions point the same way, 0
/// where they are at right angles or one is 0, 1 where they are opposed;
/// [Keras's
/// `CosineSimilarity`](https://keras.io/api/losses/regression_losses/).
///
/// Targets and predictions have the same shape `(samples, …, size)`. Lengths below 1e-7 count as
/// 1e-7. The metric of the same name,
/// [`metric::CosineSimilarity`](crate::metric::CosineSimilarity), has the other sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CosineSimilarity {
    axis: isize,
}

impl Default for CosineSimilarity {
    fn default() -> CosineSimilarity {
        CosineSimilarity::new()
    }
}

impl CosineSimilarity {
    /// Along the last axis.
    pub fn new() -> CosineSimilarity {
        CosineSimilarity { axis: -1 }
    }

    /// The axis of the vectors; -1, the last, by default. As in Keras, 0 is that of the samples,
    /// which cannot be chosen.
    pub fn axis(mut self, axis: isize) -> CosineSimilarity {
        self.axis = axis;
        self
    }

    /// The cosine of the angle of each position.
    #[track_caller]
    pub(crate) fn cosine(&self, y_true: Var, y_pred: Var) -> PerSample {
        aligned(y_true, y_pred, NAME, |y_true, y_pred| {
            if let Err(error) = self.check_axis(y_pred.shape().rank()) {
                return tape::fail(error);
            }
            let sum = |x: Var| x.sum_axes(&[self.axis], false);
            let least = Float::of(EPSILON * EPSILON);
            let inverse = |x: Var| sum(x.square()).clip(least, Float::INFINITY).rsqrt();
            sum(y_true * y_pred) * inverse(y_true) * inverse(y_pred)
        })
    }

    /// Refuses an axis that is not there, or the samples'. The rank includes the samples.
    fn check_axis(&self, rank: usize) -> Result<(), Error> {
        let axis = if self.axis < 0 { self.axis + rank as isize } else { self.axis };
        if (1..rank as isize).contains(&axis) {
            return Ok(());
        }
        let (name, value) = ("axis", self.axis.to_string());
        Err(Error::Option { name, value, expected: "an axis of the output after the samples'" })
    }
}

impl Loss for CosineSimilarity {
    #[track_caller]
    fn per_sample(&self, y_true: Var, y_pred: Var) -> PerSample {
        -self.cosine(y_true, y_pred)
    }

    fn name(&self) -> String {
        NAME.to_owned()
    }

    fn needs_target(&self) -> bool {
        true
    }

    fn check(&self, target: &Target<'_>) -> Result<(), Error> {
        self.check_axis(target.output.rank() + 1)?;
        target.has_output_shape(NAME)
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;
    use crate::loss::support::tests::{check, close, gradient, run};

    #[test]
    fn it_is_the_formula_along_the_axis() {
        let t = array![[3.0, 4.0], [0.0, 0.0], [1.0, 0.0]].into_dyn();
        let p = array![[4.0, 3.0], [1.0, 2.0], [-2.0, 0.0]].into_dyn();
        close(&CosineSimilarity::new(), &t, &p, &[-24.0 / 25.0, 0.0, 1.0]);
        gradient(&CosineSimilarity::new(), &t, &p);
        let t = array![[[3.0, 1.0], [4.0, 0.0]]].into_dyn();
        let p = array![[[4.0, 0.0], [3.0, 1.0]]].into_dyn();
        close(&CosineSimilarity::new().axis(1), &t, &p, &[-24.0 / 25.0, 0.0]);
    }

    #[test]
    fn the_axis_is_checked() {
        for axis in [0, 2, -2] {
            let loss = CosineSimilarity::new().axis(axis);
            let text = check(&loss, &[2], &[0.0, 1.0], &[2]).unwrap_err();
            assert!(text.starts_with(&format!("`axis` is {axis}, but must be an axis")), "{text}");
        }
        let one = array![1.0].into_dyn();
        assert!(run(&CosineSimilarity::new(), &one, &one).is_err());
    }
}
