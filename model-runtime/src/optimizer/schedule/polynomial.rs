use super::{LearningRateSchedule, at_least_0, some_steps};
use crate::float::{Scalar, written};
use crate::{Error, Float};

/// `(initial_learning_rate - end_learning_rate) · (1 - step / decay_steps) ^ power +
/// end_learning_rate`, and the end from there on; [Keras's
/// `PolynomialDecay`](https://keras.io/api/optimizers/learning_rate_schedules/polynomial_decay/).
///
/// ```
/// use model_runtime::optimizer::schedule::{LearningRateSchedule, PolynomialDecay};
/// let schedule = PolynomialDecay::new(1.0, 8).end_learning_rate(0.5);
/// assert_eq!([0, 4, 8, 9].map(|step| schedule.at(step)), [1.0, 0.75, 0.5, 0.5]);
/// assert_eq!(schedule.clone().power(2.0).at(4), 0.5 * 0.25 + 0.5);
/// assert_eq!(schedule.cycle(true).at(12), 0.625);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct PolynomialDecay {
    initial_learning_rate: f64,
    decay_steps: u64,
    end_learning_rate: f64,
    power: f64,
    cycle: bool,
}

impl PolynomialDecay {
    /// From this learning rate on, in a straight line to 0.0001 after `decay_steps` steps.
    pub fn new(initial_learning_rate: Float, decay_steps: u64) -> PolynomialDecay {
        PolynomialDecay {
            initial_learning_rate: written(initial_learning_rate),
            decay_steps,
            end_learning_rate: 0.0001,
            power: 1.0,
            cycle: false,
        }
    }

    /// The learning rate at the end; 0.0001 by default.
    pub fn end_learning_rate(mut self, end_learning_rate: Float) -> PolynomialDecay {
        self.end_learning_rate = written(end_learning_rate);
        self
    }

    /// The power of the part of the steps that is left; 1 by default.
    pub fn power(mut self, power: Float) -> PolynomialDecay {
        self.power = written(power);
        self
    }

    /// Whether the learning rate rises again after the end: `decay_steps` is then the first
    /// multiple of it that is not below the step. No by default.
    pub fn cycle(mut self, cycle: bool) -> PolynomialDecay {
        self.cycle = cycle;
        self
    }
}

impl LearningRateSchedule for PolynomialDecay {
    fn at(&self, step: u64) -> Float {
        let periods = step as f64 / self.decay_steps as f64;
        let done =
            if self.cycle && step > 0 { periods / libm::ceil(periods) } else { periods.min(1.0) };
        let rest = libm::pow(1.0 - done, self.power);
        let range = self.initial_learning_rate - self.end_learning_rate;
        Float::of(range * rest + self.end_learning_rate)
    }

    fn check(&self) -> Result<(), Error> {
        at_least_0("initial_learning_rate", self.initial_learning_rate)?;
        at_least_0("end_learning_rate", self.end_learning_rate)?;
        at_least_0("power", self.power)?;
        some_steps("decay_steps", self.decay_steps)
    }
}
