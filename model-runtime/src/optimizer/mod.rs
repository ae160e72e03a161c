//! Optimizers: how gradients change weights. Each computes as Keras 3 does.

mod adam;
mod rmsprop;
mod sgd;

pub use adam::{Adam, AdamW};
pub use rmsprop::RMSprop;
pub use sgd::SGD;

use crate::{Error, Float, names};

/// How gradients change weights.
pub trait Optimizer: Send + Sync {
    /// Keras's name, such as `adam`.
    fn name(&self) -> &'static str;

    /// How far a step goes.
    fn learning_rate(&self) -> Float;

    /// Chooses how far a step goes.
    fn set_learning_rate(&mut self, learning_rate: Float);

    /// How many numbers it remembers for each number of a weight. They start at 0.
    fn slots(&self) -> usize;

    /// Changes a weight in place. `step` counts from 1, and `slots` has as many parts as
    /// [`Optimizer::slots`] says, each as long as the weight. Must not panic: other weights have
    /// been changed already.
    fn update(&self, step: u64, weight: &mut [Float], gradient: &[Float], slots: &mut [Vec<Float>]);

    /// Checks the settings, once when a model is compiled.
    ///
    /// # Errors
    /// [`Error::Option`] for a setting that makes no sense.
    fn check(&self) -> Result<(), Error> {
        learning_rate(self.learning_rate())
    }
}

/// Refuses a learning rate that is negative or not finite.
pub(crate) fn learning_rate(learning_rate: Float) -> Result<(), Error> {
    at_least_0("learning_rate", learning_rate)
}

fn at_least_0(name: &'static str, value: Float) -> Result<(), Error> {
    if value.is_finite() && value >= 0.0 {
        return Ok(());
    }
    Err(Error::Option { name, value: value.to_string(), expected: "a number from 0 on" })
}

fn below_1(name: &'static str, value: Float) -> Result<(), Error> {
    if (0.0..1.0).contains(&value) {
        return Ok(());
    }
    Err(Error::Option { name, value: value.to_string(), expected: "a number from 0 to below 1" })
}

/// What can be given as an optimizer: an [`Optimizer`], or Keras's name of one with its defaults
/// (`"adam"`).
pub trait IntoOptimizer {
    /// The optimizer.
    ///
    /// # Errors
    /// [`Error::UnknownName`] for a name that no optimizer has.
    fn into_optimizer(self) -> Result<Box<dyn Optimizer>, Error>;
}

impl<O: Optimizer + 'static> IntoOptimizer for O {
    fn into_optimizer(self) -> Result<Box<dyn Optimizer>, Error> {
        Ok(Box::new(self))
    }
}

impl IntoOptimizer for Box<dyn Optimizer> {
    fn into_optimizer(self) -> Result<Box<dyn Optimizer>, Error> {
        Ok(self)
    }
}

const NAMES: [&str; 4] = ["sgd", "adam", "adamw", "rmsprop"];

impl IntoOptimizer for &str {
    fn into_optimizer(self) -> Result<Box<dyn Optimizer>, Error> {
        Ok(match self {
            "sgd" => Box::new(SGD::default()),
            "adam" => Box::new(Adam::default()),
            "adamw" => Box::new(AdamW::default()),
            "rmsprop" => Box::new(RMSprop::default()),
            unknown => return Err(names::unknown("optimizer", unknown, NAMES)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_an_optimizer() {
        for name in NAMES {
            let optimizer = name.into_optimizer().unwrap();
            assert_eq!(optimizer.name(), name);
            assert_eq!(optimizer.check(), Ok(()));
        }
        let error = "adamm".into_optimizer().map(|_| ()).unwrap_err();
        assert!(error.to_string().contains("did you mean `adam`?"), "{error}");
    }

    #[test]
    fn settings_are_checked() {
        for error in [
            SGD::new(-1.0).check(),
            Adam::new(Float::NAN).check(),
            Adam::new(0.1).beta_1(1.0).check(),
            AdamW::new(0.1).weight_decay(-1.0).check(),
            RMSprop::new(0.1).rho(2.0).check(),
        ] {
            assert!(matches!(error, Err(Error::Option { .. })), "{error:?}");
        }
    }
}
