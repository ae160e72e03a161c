//! Losses: what training makes small, one number for each sample.
//!
//! A loss of your own is a function or closure of the targets and the predictions, both with the
//! sample axis first:
//!
//! ```
//! use model_runtime::prelude::*;
//! fn absolute(y_true: Var, y_pred: Var) -> PerSample {
//!     (y_pred - y_true).abs().mean_per_sample()
//! }
//! let scaled = per_sample(|t, p| (p - t).square().mean_per_sample() * 2);
//! # fn takes(_: impl Loss) {}
//! # takes(absolute);
//! # takes(scaled);
//! ```

mod cross_entropy;
mod per_sample;
mod regression;
mod target;

pub use cross_entropy::{
    BinaryCrossentropy, CategoricalCrossentropy, SparseCategoricalCrossentropy,
};
pub use per_sample::PerSample;
pub use regression::{MeanAbsoluteError, MeanSquaredError};
pub use target::Target;
pub(crate) use target::target_help;

use crate::{Error, Var, Variable, names};

/// What training makes small. Implemented by `fn(Var, Var) -> PerSample` and closures of that type,
/// by the losses of this module, and by types of your own.
pub trait Loss: Send + Sync {
    /// The loss of each sample for targets and predictions, both with the sample axis first. In
    /// here, values of different shapes are never stretched to each other.
    ///
    /// Where there is no target ([`NoTarget`](crate::NoTarget)), `y_true` is a single NaN.
    fn per_sample(&self, y_true: Var, y_pred: Var) -> PerSample;

    /// What errors call it; Keras's name for the losses of this module.
    fn name(&self) -> String {
        "loss".to_owned()
    }

    /// Whether it cannot do without a target. No by default.
    fn needs_target(&self) -> bool {
        false
    }

    /// The variables that it updates, which a trainer then stores with each step. None by default.
    fn variables(&self) -> Vec<&Variable> {
        Vec::new()
    }

    /// Checks targets before training starts; all are fine by default.
    ///
    /// # Errors
    /// The first target that the loss cannot be computed of.
    fn check(&self, target: &Target<'_>) -> Result<(), Error> {
        let _ = target;
        Ok(())
    }
}

impl<F: Fn(Var, Var) -> PerSample + Send + Sync> Loss for F {
    fn per_sample(&self, y_true: Var, y_pred: Var) -> PerSample {
        self(y_true, y_pred)
    }
}

/// The closure itself. Rust finds the types of a closure's arguments only where it is given to a
/// function like this one.
pub fn per_sample<F: Fn(Var, Var) -> PerSample + Send + Sync>(loss: F) -> F {
    loss
}

/// What can be given as a loss: a [`Loss`], Keras's name of one (`"mse"`), `None` or [`NoLoss`] for
/// an output without one.
///
/// Outputs with losses of different types take `Option<Box<dyn Loss>>`.
pub trait IntoLoss {
    /// The loss.
    ///
    /// # Errors
    /// [`Error::UnknownName`] for a name that no loss has.
    fn into_loss(self) -> Result<Option<Box<dyn Loss>>, Error>;
}

impl<L: Loss + 'static> IntoLoss for L {
    fn into_loss(self) -> Result<Option<Box<dyn Loss>>, Error> {
        Ok(Some(Box::new(self)))
    }
}

impl IntoLoss for Box<dyn Loss> {
    fn into_loss(self) -> Result<Option<Box<dyn Loss>>, Error> {
        Ok(Some(self))
    }
}

impl<L: IntoLoss> IntoLoss for Option<L> {
    fn into_loss(self) -> Result<Option<Box<dyn Loss>>, Error> {
        self.map_or(Ok(None), IntoLoss::into_loss)
    }
}

/// No loss: an output that is not trained, such as a value that a loss elsewhere needs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NoLoss;

impl IntoLoss for NoLoss {
    fn into_loss(self) -> Result<Option<Box<dyn Loss>>, Error> {
        Ok(None)
    }
}

const NAMES: [&str; 7] = [
    "mse",
    "mean_squared_error",
    "mae",
    "mean_absolute_error",
    "binary_crossentropy",
    "categorical_crossentropy",
    "sparse_categorical_crossentropy",
];

impl IntoLoss for &str {
    fn into_loss(self) -> Result<Option<Box<dyn Loss>>, Error> {
        Ok(Some(match self {
            "mse" | "mean_squared_error" => Box::new(MeanSquaredError),
            "mae" | "mean_absolute_error" => Box::new(MeanAbsoluteError),
            "binary_crossentropy" => Box::new(BinaryCrossentropy::new()),
            "categorical_crossentropy" => Box::new(CategoricalCrossentropy::new()),
            "sparse_categorical_crossentropy" => Box::new(SparseCategoricalCrossentropy::new()),
            unknown => return Err(names::unknown("loss", unknown, NAMES)),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_a_loss() {
        for name in NAMES {
            let loss = name.into_loss().unwrap().unwrap();
            assert!(loss.name().starts_with(&name[..1]), "{name}: {}", loss.name());
        }
        let error = "mean_square_error".into_loss().map(|_| ()).unwrap_err();
        assert!(error.to_string().contains("did you mean `mean_squared_error`?"), "{error}");
    }

    #[test]
    fn functions_closures_and_nothing_can_be_given() {
        fn squared(t: Var, p: Var) -> PerSample {
            (t - p).square().sum_per_sample()
        }
        let k = 2;
        let boxed: Box<dyn Loss> = Box::new(MeanSquaredError);
        assert!(squared.into_loss().unwrap().is_some());
        assert!((move |t: Var, _: Var| t.sum_per_sample() * k).into_loss().unwrap().is_some());
        assert!(per_sample(|t, p| (t - p).sum_per_sample()).into_loss().unwrap().is_some());
        assert!(Some(boxed).into_loss().unwrap().is_some());
        assert!(NoLoss.into_loss().unwrap().is_none());
    }
}
