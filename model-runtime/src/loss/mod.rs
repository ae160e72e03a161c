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
//!
//! The losses of this module give one number for each position of a sample: all axes but the last,
//! over which they take a mean or a sum. [`Reduction`] says how the numbers of a batch become one.
//! What a prediction's [mask](crate::Var::mask) leaves out does not count. Each loss is also a
//! [metric](crate::metric).
//!
//! Those with arguments are types; all have a name as well, such as `"huber"`. Of a model that
//! returns what it is given:
//!
//! ```
//! use model_runtime::prelude::*;
//! use ndarray::arr2;
//! fn of(loss: impl IntoLoss, y_true: [f32; 2], y_pred: [f32; 2]) -> Result<Float, Error> {
//!     let net = model! { x = Input(2); Identity()(x) };
//!     Ok(net.compile("sgd", loss)?.evaluate(&arr2(&[y_pred]), &arr2(&[y_true]))?["loss"])
//! }
//! let close = |a: Result<Float, Error>, b: f64| assert!((f64::from(a.unwrap()) - b).abs() < 1e-5);
//! let ln2 = 2_f64.ln();
//! close(of(MeanSquaredError, [0.0, 0.0], [1.0, 3.0]), 5.0);
//! close(of(MeanAbsoluteError, [0.0, 0.0], [1.0, 3.0]), 2.0);
//! close(of(MeanAbsolutePercentageError, [2.0, 4.0], [1.0, 5.0]), (50.0 + 25.0) / 2.0);
//! close(of(MeanSquaredLogarithmicError, [0.0, 0.0], [0.0, 1.0]), ln2 * ln2 / 2.0);
//! close(of(LogCosh, [0.0, 0.0], [1.0, -1.0]), 1_f64.cosh().ln());
//! close(of(Hinge, [1.0, -1.0], [0.5, -2.0]), 0.5 / 2.0);
//! close(of(SquaredHinge, [1.0, -1.0], [0.5, -2.0]), 0.25 / 2.0);
//! close(of(CategoricalHinge, [1.0, 0.0], [0.5, 0.75]), 1.25);
//! close(of(Poisson, [1.0, 2.0], [2.0, 2.0]), 2.0 - 1.5 * ln2);
//! close(of(Huber::new().delta(1.0), [0.0, 0.0], [0.5, 2.0]), (0.125 + 1.5) / 2.0);
//! close(of(CosineSimilarity::new().axis(-1), [3.0, 4.0], [6.0, 8.0]), -1.0);
//! close(of(Dice::new().axis(&[1]), [1.0, 0.0], [0.5, 0.5]), 0.5);
//! close(of(Dice::new(), [1.0, 0.0], [1.0, 0.0]), 0.0);
//! close(of(BinaryCrossentropy::new(), [1.0, 0.0], [0.5, 0.5]), ln2);
//! close(of(CategoricalCrossentropy::new(), [1.0, 0.0], [0.5, 0.5]), ln2);
//! close(of(Crossentropy, [1.0, 0.0], [0.5, 0.5]), ln2);
//! close(of(BinaryFocalCrossentropy::new(), [1.0, 0.0], [0.5, 0.5]), ln2 / 4.0);
//! close(of(CategoricalFocalCrossentropy::new(), [1.0, 0.0], [0.5, 0.5]), ln2 / 16.0);
//! ```
//!
//! Smoothed by a half, the targets 1 and 0 are ¾ and ¼; so are predictions with the logits `ln 3`
//! and 0 under a softmax, `ln 3` and `-ln 3` under sigmoids, whose cross-entropy is then the least
//! that it can be:
//!
//! ```
//! use model_runtime::prelude::*;
//! use ndarray::arr2;
//! fn of(loss: impl IntoLoss, logits: [f64; 2]) -> Result<Float, Error> {
//!     let net = model! { x = Input(2); Identity()(x) };
//!     Ok(net.compile("sgd", loss)?.evaluate(&arr2(&[logits]), &arr2(&[[1.0, 0.0]]))?["loss"])
//! }
//! let close = |a: Result<Float, Error>, b: f64| assert!((f64::from(a.unwrap()) - b).abs() < 1e-5);
//! let (ln3, entropy) = (3_f64.ln(), -0.75 * 0.75_f64.ln() - 0.25 * 0.25_f64.ln());
//! let binary = BinaryCrossentropy::new().from_logits(true).label_smoothing(0.5);
//! close(of(binary, [ln3, -ln3]), entropy);
//! let categorical = CategoricalCrossentropy::new().from_logits(true).label_smoothing(0.5);
//! close(of(categorical, [ln3, 0.0]), entropy);
//!
//! // What is right already counts as much as what is wrong, and both classes count a half.
//! let binary = BinaryFocalCrossentropy::new()
//!     .from_logits(true)
//!     .label_smoothing(0.5)
//!     .gamma(0.0)
//!     .apply_class_balancing(true)
//!     .alpha(0.5);
//! close(of(binary, [ln3, -ln3]), entropy / 2.0);
//! let categorical = CategoricalFocalCrossentropy::new()
//!     .from_logits(true)
//!     .label_smoothing(0.5)
//!     .gamma(0.0)
//!     .alpha(&[0.5, 0.5]);
//! close(of(categorical, [ln3, 0.0]), entropy / 2.0);
//! ```

mod cosine;
mod cross_entropy;
mod crossentropy;
mod ctc;
mod dice;
mod divergence;
mod focal;
mod hinge;
pub(crate) mod names;
mod per_sample;
mod reduction;
mod regression;
mod support;
mod target;

pub use cosine::CosineSimilarity;
pub use cross_entropy::{
    BinaryCrossentropy, CategoricalCrossentropy, SparseCategoricalCrossentropy,
};
pub use crossentropy::Crossentropy;
pub(crate) use crossentropy::Kind;
pub use ctc::CTC;
pub use dice::Dice;
pub use divergence::{KLDivergence, Poisson};
pub use focal::{BinaryFocalCrossentropy, CategoricalFocalCrossentropy};
pub use hinge::{CategoricalHinge, Hinge, SquaredHinge};
pub use per_sample::PerSample;
pub use reduction::{Reduced, Reduction};
pub use regression::{
    Huber, LogCosh, MeanAbsoluteError, MeanAbsolutePercentageError, MeanSquaredError,
    MeanSquaredLogarithmicError,
};
pub use target::Target;
pub(crate) use target::{kept_axes_help, target_help, without_last};

use crate::metric::Direction;
use crate::private::LossFunction;
use crate::{Error, Var, Variable};

/// What training makes small. Implemented by `fn(Var, Var) -> PerSample` and closures of that type,
/// by the losses of this module, and by types of your own.
///
/// A loss with a number of its own is a type:
///
/// ```
/// use model_runtime::prelude::*;
/// use model_runtime::loss::Target;
/// use model_runtime::metric::Direction;
/// use model_runtime::Reduction;
/// use ndarray::array;
///
/// /// What is below a quantile costs less than what is above it.
/// struct Pinball(Float);
///
/// impl Loss for Pinball {
///     fn per_sample(&self, y_true: Var, y_pred: Var) -> PerSample {
///         let error = y_true - y_pred;
///         (error * self.0).maximum(error * (self.0 - 1.0)).mean_per_sample()
///     }
///
///     fn name(&self) -> String {
///         "pinball".to_owned()
///     }
///
///     fn needs_target(&self) -> bool {
///         true
///     }
///
///     fn direction(&self) -> Option<Direction> {
///         Some(Direction::Down)
///     }
///
///     fn reduction(&self) -> Reduction {
///         Reduction::Sum
///     }
///
///     fn check(&self, target: &Target<'_>) -> Result<(), Error> {
///         target.has_output_shape("pinball")
///     }
/// }
///
/// let net = model! { x = Input(1); Identity()(x) };
/// let trainer = net.compile("sgd", Pinball(0.9))?;
/// let (x, y) = (array![[0.0], [0.0]], array![[10.0], [-10.0]]);
/// assert!((trainer.evaluate(&x, &y)?["loss"] - (9.0 + 1.0)).abs() < 1e-5);
/// // Two numbers a sample are not what the output has.
/// assert!(trainer.evaluate(&x, &array![[1.0, 2.0], [1.0, 2.0]]).is_err());
/// # Ok::<(), Error>(())
/// ```
pub trait Loss: Send + Sync {
    /// The loss of each sample for targets and predictions, both with the sample axis first. In
    /// here, values of different shapes are never stretched to each other.
    ///
    /// Where there is no target ([`NoTarget`](crate::NoTarget)), `y_true` is a single NaN.
    fn per_sample(&self, y_true: Var, y_pred: Var) -> PerSample;

    /// What errors call it; Keras's name for the losses of this module, its own for a function.
    fn name(&self) -> String {
        "loss".to_owned()
    }

    /// Whether it cannot do without a target. No by default.
    fn needs_target(&self) -> bool {
        false
    }

    /// In which direction it gets better as a metric, if it does in one. Down by default; not known
    /// of a function or closure.
    fn direction(&self) -> Option<Direction> {
        Some(Direction::Down)
    }

    /// The variables that it updates, which a trainer then stores with each step. None by default.
    fn variables(&self) -> Vec<&Variable> {
        Vec::new()
    }

    /// How the losses of a batch become one number; chosen with [`IntoLoss::with_reduction`].
    fn reduction(&self) -> Reduction {
        Reduction::default()
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

impl<F: LossFunction + Send + Sync> Loss for F {
    fn per_sample(&self, y_true: Var, y_pred: Var) -> PerSample {
        self.of(y_true, y_pred)
    }

    fn name(&self) -> String {
        function_name(std::any::type_name::<F>()).unwrap_or("loss").to_owned()
    }

    fn direction(&self) -> Option<Direction> {
        None
    }
}

/// The name of a function, from the path of its type; a closure has none.
fn function_name(path: &str) -> Option<&str> {
    let path = path.split('<').next()?;
    let name = path.rsplit("::").next()?;
    let is_name = |c: char| c == '_' || c.is_alphanumeric() && !c.is_uppercase();
    (!name.is_empty() && name.chars().all(is_name)).then_some(name)
}

/// The closure itself. Rust finds the types of a closure's arguments only where it is given to a
/// function like this one.
pub fn per_sample<F: Fn(Var, Var) -> PerSample + Send + Sync>(loss: F) -> F {
    loss
}

/// What can be given as a loss: a [`Loss`], Keras's name of one (`"mse"`), or [`NoLoss`] for an
/// output without one. Each output may be given another type, as [`IntoPorts`](crate::IntoPorts)
/// shows; a choice that is made while the program runs is an `Option<Box<dyn Loss>>`.
pub trait IntoLoss {
    /// The loss.
    ///
    /// # Errors
    /// [`Error::UnknownName`] for a name that no loss has.
    fn into_loss(self) -> Result<Option<Box<dyn Loss>>, Error>;

    /// The same with another [`Reduction`] of a batch's losses to one number.
    fn with_reduction(self, reduction: Reduction) -> Reduced<Self>
    where
        Self: Sized,
    {
        Reduced { loss: self, reduction }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

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
        assert_eq!(squared.into_loss().unwrap().unwrap().name(), "squared");
        let closure = per_sample(|t, p| (t - p).sum_per_sample());
        assert_eq!(closure.into_loss().unwrap().unwrap().name(), "loss");
        let boxed: Box<dyn Fn(Var, Var) -> PerSample + Send + Sync> = Box::new(closure);
        assert_eq!(boxed.into_loss().unwrap().unwrap().name(), "loss");
    }
}
