use super::{LearningRateSchedule, at_least_0, some_steps, staircase};
use crate::float::{Scalar, written};
use crate::{Error, Float};

/// `initial_learning_rate / (1 + decay_rate · step / decay_steps)`; [Keras's
/// `InverseTimeDecay`](https://keras.io/api/optimizers/learning_rate_schedules/inverse_time_decay/).
///
/// ```
/// use model_runtime::optimizer::schedule::{InverseTimeDecay, LearningRateSchedule};
/// let schedule = InverseTimeDecay::new(0.5, 10, 1.0);
/// assert_eq!([0, 10, 30].map(|step| schedule.at(step)), [0.5, 0.25, 0.125]);
/// assert_eq!(schedule.staircase(true).at(19), 0.25);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct InverseTimeDecay {
    initial_learning_rate: f64,
    decay_steps: u64,
    decay_rate: f64,
    staircase: bool,
}

staircase!(InverseTimeDecay);

impl InverseTimeDecay {
    /// From this learning rate on, divided by `decay_rate` more every `decay_steps` steps.
    pub fn new(
        initial_learning_rate: Float,
        decay_steps: u64,
        decay_rate: Float,
    ) -> InverseTimeDecay {
        let [initial_learning_rate, decay_rate] = [initial_learning_rate, decay_rate].map(written);
        InverseTimeDecay { initial_learning_rate, decay_steps, decay_rate, staircase: false }
    }
}

impl LearningRateSchedule for InverseTimeDecay {
    fn at(&self, step: u64) -> Float {
        let divisor = 1.0 + self.decay_rate * self.periods(step);
        Float::of(self.initial_learning_rate / divisor)
    }

    fn check(&self) -> Result<(), Error> {
        at_least_0("initial_learning_rate", self.initial_learning_rate)?;
        at_least_0("decay_rate", self.decay_rate)?;
        some_steps("decay_steps", self.decay_steps)
    }
}
