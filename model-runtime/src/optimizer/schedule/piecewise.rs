use super::{LearningRateSchedule, at_least_0};
use crate::{Error, Float};

/// One learning rate after the other; [Keras's
/// `PiecewiseConstantDecay`](https://keras.io/api/optimizers/learning_rate_schedules/piecewise_constant_decay/).
///
/// `values[0]` up to the step `boundaries[0]`, that one included, then `values[1]` up to
/// `boundaries[1]`, and so on.
///
/// ```
/// use model_runtime::optimizer::schedule::{LearningRateSchedule, PiecewiseConstantDecay};
/// let schedule = PiecewiseConstantDecay::new([10, 20], [0.5, 0.25, 0.125]);
/// assert_eq!([0, 10, 11, 20, 21].map(|step| schedule.at(step)), [0.5, 0.5, 0.25, 0.25, 0.125]);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct PiecewiseConstantDecay {
    boundaries: Vec<u64>,
    values: Vec<Float>,
}

impl PiecewiseConstantDecay {
    /// With one value more than there are boundaries.
    pub fn new(
        boundaries: impl IntoIterator<Item = u64>,
        values: impl IntoIterator<Item = Float>,
    ) -> PiecewiseConstantDecay {
        let (boundaries, values) = (boundaries.into_iter(), values.into_iter());
        PiecewiseConstantDecay { boundaries: boundaries.collect(), values: values.collect() }
    }
}

impl LearningRateSchedule for PiecewiseConstantDecay {
    fn at(&self, step: u64) -> Float {
        let piece = self.boundaries.iter().filter(|&&boundary| step > boundary).count();
        self.values.get(piece).copied().unwrap_or(Float::NAN)
    }

    fn check(&self) -> Result<(), Error> {
        let wrong = |name, value, expected| Err(Error::Option { name, value, expected });
        if self.values.len() != self.boundaries.len() + 1 {
            let value = format!("{:?}", self.values);
            return wrong("values", value, "one number more than there are boundaries");
        }
        if !self.boundaries.is_sorted_by(|a, b| a < b) {
            let value = format!("{:?}", self.boundaries);
            return wrong("boundaries", value, "steps each of which is after the one before");
        }
        self.values.iter().try_for_each(|&value| at_least_0("values", value))
    }
}
