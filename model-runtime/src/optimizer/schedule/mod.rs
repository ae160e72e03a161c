//! Schedules: learning rates that change from step to step, as
//! [Keras's](https://keras.io/api/optimizers/learning_rate_schedules/).

mod cosine;
mod exponential;
mod inverse_time;
mod piecewise;
mod polynomial;
mod restarts;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;

pub use cosine::CosineDecay;
pub use exponential::ExponentialDecay;
pub use inverse_time::InverseTimeDecay;
pub use piecewise::PiecewiseConstantDecay;
pub use polynomial::PolynomialDecay;
pub use restarts::CosineDecayRestarts;

use super::at_least_0;
use crate::float::{Scalar, written};
use crate::{Error, Float};

/// A learning rate that changes from step to step: one of [Keras's](self), a closure
/// `|step: u64| …`, or a type of yours.
///
/// ```
/// use model_runtime::prelude::*;
/// let optimizer = Adam::new(CosineDecay::new(1e-3, 1000)).clipnorm(1.0);
/// let optimizer = SGD::new(|step: u64| 0.1 / (1 + step) as Float);
/// ```
///
/// As a type, it can refuse settings when a model is compiled:
///
/// ```
/// use model_runtime::optimizer::LearningRateSchedule;
/// use model_runtime::prelude::*;
///
/// /// Half as far every so many steps.
/// struct Halving(u64);
///
/// impl LearningRateSchedule for Halving {
///     fn at(&self, step: u64) -> Float {
///         (0.5 as Float).powi((step / self.0) as i32)
///     }
///
///     fn check(&self) -> Result<(), Error> {
///         match self.0 {
///             0 => Err(Error::callback("Halving takes 1 step or more")),
///             _ => Ok(()),
///         }
///     }
/// }
///
/// let net = model! { x = Input(1); Dense(1)(x) };
/// assert!(net.share().compile(SGD::new(Halving(0)), "mse").is_err());
/// assert!(net.compile(SGD::new(Halving(100)), "mse").is_ok());
/// let rate = LearningRate::from(Halving(100));
/// assert!(rate.is_schedule() && !LearningRate::from(0.5).is_schedule());
/// assert_eq!(rate.at(250), 0.25);
/// ```
pub trait LearningRateSchedule: Send + Sync {
    /// The learning rate of a step, counted from 0.
    fn at(&self, step: u64) -> Float;

    /// Checks the settings, once when a model is compiled.
    ///
    /// # Errors
    /// [`Error::Option`] for a setting that makes no sense.
    fn check(&self) -> Result<(), Error> {
        Ok(())
    }
}

impl<F: Fn(u64) -> Float + Send + Sync> LearningRateSchedule for F {
    fn at(&self, step: u64) -> Float {
        self(step)
    }
}

/// How far the steps of an optimizer go: a number, or a schedule.
///
/// ```
/// use model_runtime::optimizer::schedule::ExponentialDecay;
/// use model_runtime::prelude::*;
/// let constant = Adam::new(1e-3);
/// let decaying = Adam::new(ExponentialDecay::new(1e-3, 1000, 0.9));
/// let own = Adam::new(LearningRate::schedule(|step| if step < 100 { 1e-4 } else { 1e-3 }));
/// ```
#[derive(Clone)]
pub struct LearningRate(Kind);

#[derive(Clone)]
enum Kind {
    Number(f64),
    Schedule(Arc<dyn LearningRateSchedule>),
}

impl LearningRate {
    /// A schedule from a closure, whose parameter, the step counted from 0, needs no type.
    pub fn schedule(schedule: impl Fn(u64) -> Float + Send + Sync + 'static) -> LearningRate {
        LearningRate::from(schedule)
    }

    /// The learning rate of a step, counted from 0.
    pub fn at(&self, step: u64) -> Float {
        match &self.0 {
            Kind::Number(number) => Float::of(*number),
            Kind::Schedule(schedule) => schedule.at(step),
        }
    }

    /// Whether it changes from step to step by itself.
    pub fn is_schedule(&self) -> bool {
        matches!(self.0, Kind::Schedule(_))
    }

    /// That of a step, as precise as it is known.
    ///
    /// # Errors
    /// [`Error::Option`] if a schedule says a number that is negative or not finite.
    pub(crate) fn checked(&self, step: u64) -> Result<f64, Error> {
        match &self.0 {
            Kind::Number(number) => Ok(*number),
            Kind::Schedule(schedule) => {
                let rate = schedule.at(step);
                at_least_0("learning_rate", rate).map(|()| rate.as_f64())
            }
        }
    }

    pub(crate) fn check(&self) -> Result<(), Error> {
        match &self.0 {
            Kind::Number(number) => at_least_0("learning_rate", *number),
            Kind::Schedule(schedule) => schedule.check(),
        }
    }

    /// The number, as precise as it is known, if this is one.
    pub(crate) fn number(&self) -> Option<f64> {
        match &self.0 {
            Kind::Number(number) => Some(*number),
            Kind::Schedule(_) => None,
        }
    }

    /// Chooses another number, if this is one.
    pub(crate) fn set(&mut self, rate: f64) -> Result<(), Error> {
        at_least_0("learning_rate", rate)?;
        match &mut self.0 {
            Kind::Number(number) => *number = rate,
            Kind::Schedule(_) => {
                return Err(Error::Option {
                    name: "learning_rate",
                    value: "a schedule".to_owned(),
                    expected: "a number for it to be set: give the optimizer one in its `new`",
                });
            }
        }
        Ok(())
    }
}

impl fmt::Debug for LearningRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Number(number) => write!(f, "{number}"),
            Kind::Schedule(_) => f.write_str("a schedule"),
        }
    }
}

impl From<f64> for LearningRate {
    fn from(number: f64) -> LearningRate {
        LearningRate(Kind::Number(number))
    }
}

impl From<f32> for LearningRate {
    fn from(number: f32) -> LearningRate {
        LearningRate(Kind::Number(written(number)))
    }
}

impl<S: LearningRateSchedule + 'static> From<S> for LearningRate {
    fn from(schedule: S) -> LearningRate {
        LearningRate(Kind::Schedule(Arc::new(schedule)))
    }
}

/// Refuses 0 steps to decay over.
fn some_steps(name: &'static str, steps: u64) -> Result<(), Error> {
    if steps > 0 {
        return Ok(());
    }
    Err(Error::Option { name, value: "0".to_owned(), expected: "1 or more" })
}

/// The argument `staircase` of a schedule, and what it is.
macro_rules! staircase {
    ($schedule:ident) => {
        impl $schedule {
            /// Whether the learning rate changes only every `decay_steps` steps; no by default.
            pub fn staircase(mut self, staircase: bool) -> $schedule {
                self.staircase = staircase;
                self
            }

            /// How many times `decay_steps` steps have been made.
            fn periods(&self, step: u64) -> f64 {
                let periods = step as f64 / self.decay_steps as f64;
                if self.staircase { libm::floor(periods) } else { periods }
            }
        }
    };
}
use staircase;
