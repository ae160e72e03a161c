use super::{LearningRateSchedule, at_least_0, some_steps, staircase};
use crate::float::{Scalar, written};
use crate::{Error, Float};

/// `initial_learning_rate · decay_rate ^ (step / decay_steps)`; [Keras's
/// `ExponentialDecay`](https://keras.io/api/optimizers/learning_rate_schedules/exponential_decay/).
///
/// ```
/// use model_runtime::optimizer::schedule::{ExponentialDecay, LearningRateSchedule};
/// let schedule = ExponentialDecay::new(0.5, 10, 0.25);
/// assert_eq!([0, 5, 10].map(|step| schedule.at(step)), [0.5, 0.25, 0.125]);
/// assert_eq!(schedule.staircase(true).at(19), 0.125);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct ExponentialDecay {
    initial_learning_rate: f64,
    decay_steps: u64,
    decay_rate: f64,
    staircase: bool,
}

staircase!(ExponentialDecay);

impl ExponentialDecay {
    /// From this learning rate on, times `decay_rate` every `decay_steps` steps.
    pub fn new(
        initial_learning_rate: Float,
        decay_steps: u64,
        decay_rate: Float,
    ) -> ExponentialDecay {
        let [initial_learning_rate, decay_rate] = [initial_learning_rate, decay_rate].map(written);
        ExponentialDecay { initial_learning_rate, decay_steps, decay_rate, staircase: false }
    }
}

impl LearningRateSchedule for ExponentialDecay {
    fn at(&self, step: u64) -> Float {
        let factor = libm::pow(self.decay_rate, self.periods(step));
        Float::of(self.initial_learning_rate * factor)
    }

    fn check(&self) -> Result<(), Error> {
        at_least_0("initial_learning_rate", self.initial_learning_rate)?;
        at_least_0("decay_rate", self.decay_rate)?;
        some_steps("decay_steps", self.decay_steps)
    }
}
