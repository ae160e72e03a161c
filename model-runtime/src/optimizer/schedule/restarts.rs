use super::cosine::wave;
use super::{LearningRateSchedule, at_least_0, some_steps};
use crate::float::{Scalar, written};
use crate::{Error, Float};

/// A [`CosineDecay`](super::CosineDecay) that begins anew at its end, each time longer ([Loshchilov
/// and Hutter, 2016](https://arxiv.org/abs/1608.03983)); [Keras's
/// `CosineDecayRestarts`](https://keras.io/api/optimizers/learning_rate_schedules/cosine_decay_restarts/).
///
/// Period i, counted from 0, has `first_decay_steps · t_mulⁱ` steps. In it, done to a part p, the
/// learning rate is `initial_learning_rate · ((1 - alpha) · m_mulⁱ · (1 + cos(π · p)) / 2 +
/// alpha)`.
///
/// ```
/// use model_runtime::optimizer::schedule::{CosineDecayRestarts, LearningRateSchedule};
/// let schedule = CosineDecayRestarts::new(1.0, 10).m_mul(0.5);
/// assert_eq!([0, 5, 10, 20, 30].map(|step| schedule.at(step)), [1.0, 0.5, 0.5, 0.25, 0.25]);
/// // Periods of 10 steps each, from 1 to ¼.
/// let schedule = CosineDecayRestarts::new(1.0, 10).t_mul(1.0).alpha(0.25);
/// assert_eq!([0, 5, 10, 20, 30].map(|step| schedule.at(step)), [1.0, 0.625, 1.0, 1.0, 1.0]);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct CosineDecayRestarts {
    initial_learning_rate: f64,
    first_decay_steps: u64,
    t_mul: f64,
    m_mul: f64,
    alpha: f64,
}

impl CosineDecayRestarts {
    /// From this learning rate to 0, the first time in `first_decay_steps` steps.
    pub fn new(initial_learning_rate: Float, first_decay_steps: u64) -> CosineDecayRestarts {
        CosineDecayRestarts {
            initial_learning_rate: written(initial_learning_rate),
            first_decay_steps,
            t_mul: 2.0,
            m_mul: 1.0,
            alpha: 0.0,
        }
    }

    /// How many times longer each period is than the one before, from 1 on; 2 by default.
    pub fn t_mul(mut self, t_mul: Float) -> CosineDecayRestarts {
        self.t_mul = written(t_mul);
        self
    }

    /// How many times larger the learning rate of each period is; 1 by default.
    pub fn m_mul(mut self, m_mul: Float) -> CosineDecayRestarts {
        self.m_mul = written(m_mul);
        self
    }

    /// The part of the initial learning rate that is left at the end; 0 by default.
    pub fn alpha(mut self, alpha: Float) -> CosineDecayRestarts {
        self.alpha = written(alpha);
        self
    }

    /// The number of the period, counted from 0, and which part of it is done.
    fn period(&self, step: u64) -> (f64, f64) {
        let done = step as f64 / self.first_decay_steps as f64;
        if self.t_mul == 1.0 {
            let period = libm::floor(done);
            return (period, done - period);
        }
        // Period i begins at (t_mulⁱ - 1) / (t_mul - 1); the logarithm may miss it by rounding.
        let start = |i: f64| (libm::pow(self.t_mul, i) - 1.0) / (self.t_mul - 1.0);
        let mut period =
            libm::floor(libm::log(1.0 + done * (self.t_mul - 1.0)) / libm::log(self.t_mul));
        if start(period + 1.0) <= done {
            period += 1.0;
        } else if start(period) > done {
            period -= 1.0;
        }
        (period, (done - start(period)) / libm::pow(self.t_mul, period))
    }
}

impl LearningRateSchedule for CosineDecayRestarts {
    fn at(&self, step: u64) -> Float {
        let (period, done) = self.period(step);
        let height = libm::pow(self.m_mul, period);
        Float::of(self.initial_learning_rate * wave(done, height, self.alpha))
    }

    fn check(&self) -> Result<(), Error> {
        at_least_0("initial_learning_rate", self.initial_learning_rate)?;
        at_least_0("m_mul", self.m_mul)?;
        at_least_0("alpha", self.alpha)?;
        if !(self.t_mul >= 1.0 && self.t_mul.is_finite()) {
            let (name, value) = ("t_mul", self.t_mul.to_string());
            return Err(Error::Option { name, value, expected: "a number from 1 on" });
        }
        some_steps("first_decay_steps", self.first_decay_steps)
    }
}
