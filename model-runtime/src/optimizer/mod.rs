//! Optimizers: how gradients change weights. Each computes as Keras 3 does.
//!
//! ```
//! use model_runtime::prelude::*;
//! use ndarray::array;
//! /// The loss before and after some steps.
//! fn learns(optimizer: impl IntoOptimizer) -> Result<bool, Error> {
//!     let (x, y) = (array![[1.0], [2.0], [3.0]], array![[2.0], [4.0], [6.0]]);
//!     let net = model! { x = Input(1); Dense(1)(x) };
//!     let history = net.compile(optimizer, "mse")?.fit(&x, &y, Fit::epochs(20).verbose(0))?;
//!     Ok(history["loss"][19] < history["loss"][0])
//! }
//! assert!(learns(SGD::new(0.01).momentum(0.9).nesterov(true))?);
//! assert!(learns(RMSprop::new(0.01).rho(0.9).centered(true))?);
//! assert!(learns(Adam::new(0.01).beta_1(0.9).beta_2(0.99).amsgrad(true))?);
//! assert!(learns(AdamW::new(0.01).weight_decay(1e-3))?);
//! assert!(learns(Adagrad::new(0.1).initial_accumulator_value(0.1))?);
//! assert!(learns(Adadelta::new(1.0).rho(0.95))?);
//! assert!(learns(Adamax::new(0.01))?);
//! assert!(learns(Nadam::new(0.01))?);
//! assert!(learns(Lion::new(0.01))?);
//! # Ok::<(), Error>(())
//! ```
//!
//! What is added so that nothing is divided by 0 also makes the first steps smaller. Here a weight
//! is 1, its gradient 2, and nothing is remembered of the gradients before:
//!
//! ```
//! use model_runtime::prelude::*;
//! use ndarray::array;
//! /// The weight after a step.
//! fn after(optimizer: impl IntoOptimizer) -> Float {
//!     let net = model! {
//!         x = Input(1);
//!         Dense(1, use_bias = false, kernel_initializer = ones)(x)
//!     };
//!     let mut trainer = net.compile(optimizer, "mse").unwrap();
//!     trainer.train_on_batch(&array![[1.0]], &array![[0.0]]).unwrap();
//!     trainer.model().get_weights()[0][[0, 0]]
//! }
//! let close = |a: Float, b: Float| assert!((a - b).abs() < 1e-6, "{a} {b}");
//! close(after(Adam::new(0.5).beta_2(0.0).epsilon(2.0)), 1.0 - 0.5 * 2.0 / (2.0 + 2.0));
//! close(after(AdamW::new(0.5).beta_2(0.0).epsilon(2.0).weight_decay(0.0)), 0.75);
//! close(after(Adamax::new(0.5).epsilon(2.0)), 0.75);
//! close(after(Nadam::new(0.5).beta_1(0.0).epsilon(2.0)), 0.75);
//! // Added under the root.
//! let adagrad = Adagrad::new(0.5).initial_accumulator_value(0.0).epsilon(12.0);
//! close(after(adagrad), 1.0 - 0.5 * 2.0 / (4.0 + 12.0 as Float).sqrt());
//! close(after(RMSprop::new(0.5).rho(0.0).epsilon(12.0)), 0.75);
//! close(after(Adadelta::new(0.5).rho(0.0).epsilon(12.0)), 1.0 - 0.5 * (3.0 as Float).sqrt());
//! ```

mod adadelta;
mod adagrad;
mod adam;
mod adamax;
mod lion;
mod multi;
mod nadam;
mod options;
mod rmsprop;
pub mod schedule;
mod sgd;
mod step;
#[cfg(test)]
mod tests;

pub use adadelta::Adadelta;
pub use adagrad::Adagrad;
pub use adam::{Adam, AdamW};
pub use adamax::Adamax;
pub use lion::Lion;
pub use multi::MultiOptimizer;
pub(crate) use multi::{unknown_path, within};
pub use nadam::Nadam;
pub use options::Options;
pub use rmsprop::RMSprop;
pub use schedule::{LearningRate, LearningRateSchedule};
pub use sgd::SGD;
pub use step::{Slot, Step};

use crate::float::{Scalar, written};
use crate::{Error, Float, names};

/// How gradients change weights.
///
/// An optimizer of your own says how one weight changes; what all optimizers can do, such as
/// [`Optimizer::clipnorm`] or a schedule of the learning rate, is done for it. A step that makes a
/// number of a weight, or of what is remembered of it, NaN or infinite is an error, and changes
/// nothing.
///
/// ```
/// use model_runtime::optimizer::{Options, Slot, Step};
/// use model_runtime::prelude::*;
///
/// /// Goes in the direction of the mean of the gradients, however long it is.
/// struct Signs {
///     options: Options,
/// }
///
/// impl Signs {
///     fn new(learning_rate: impl Into<LearningRate>) -> Signs {
///         Signs { options: Options::new(learning_rate) }
///     }
/// }
///
/// impl Optimizer for Signs {
///     fn name(&self) -> &'static str {
///         "signs"
///     }
///     fn options(&self) -> &Options {
///         &self.options
///     }
///     fn options_mut(&mut self) -> &mut Options {
///         &mut self.options
///     }
///     fn slots(&self) -> Vec<Slot> {
///         vec![Slot::zeros("mean")]
///     }
///     fn update(
///         &self,
///         step: &Step,
///         weight: &mut [Float],
///         gradient: &[Float],
///         slots: &mut [&mut [Float]],
///     ) {
///         let mean = &mut slots[0];
///         for (i, w) in weight.iter_mut().enumerate() {
///             mean[i] += 0.1 * (gradient[i] - mean[i]);
///             *w -= step.learning_rate() * mean[i].signum();
///         }
///     }
///     fn is_elementwise(&self) -> bool {
///         true
///     }
///     fn bound(&self, step: &Step, gradient: f64, weight: &mut f64, slots: &mut [f64]) {
///         *weight += step.learning_rate() as f64;
///         slots[0] = slots[0].max(gradient);
///     }
///     fn check(&self) -> Result<(), Error> {
///         Ok(()) // there is nothing to be set
///     }
/// }
///
/// let net = model! { x = Input(2); Dense(1)(x) };
/// let mut trainer = net.compile(Signs::new(0.01).global_clipnorm(1.0), "mse")?;
/// trainer.train_on_batch(&ndarray::array![[1.0, 2.0]], &ndarray::array![[3.0]])?;
/// # Ok::<(), Error>(())
/// ```
///
/// What all optimizers can do, for a weight that is 1 and whose gradient is twice the weight:
///
/// ```
/// use model_runtime::prelude::*;
/// use ndarray::array;
/// /// The weight after some steps.
/// fn after(steps: usize, optimizer: impl IntoOptimizer) -> Float {
///     let net = model! {
///         x = Input(1);
///         Dense(1, use_bias = false, kernel_initializer = ones)(x)
///     };
///     let mut trainer = net.compile(optimizer, "mse").unwrap();
///     for _ in 0..steps {
///         trainer.train_on_batch(&array![[1.0]], &array![[0.0]]).unwrap();
///     }
///     trainer.model().get_weights()[0][[0, 0]]
/// }
/// let close = |a: Float, b: Float| assert!((a - b).abs() < 1e-6, "{a} {b}");
/// close(after(1, SGD::new(0.25)), 1.0 - 0.25 * 2.0);
/// close(after(1, SGD::new(1.0).clipvalue(0.5)), 1.0 - 0.5);
/// close(after(1, SGD::new(1.0).clipnorm(0.5)), 1.0 - 0.5);
/// let decaying = SGD::new(0.25).weight_decay(0.2);
/// close(after(1, decaying.clone()), 1.0 - 0.25 * 0.2 - 0.25 * 2.0);
/// close(after(1, decaying.exclude_from_weight_decay(["kernel"])), 1.0 - 0.25 * 2.0);
/// let accumulating = SGD::new(0.25).gradient_accumulation_steps(2);
/// close(after(1, accumulating.clone()), 1.0);
/// close(after(2, accumulating), 1.0 - 0.25 * 2.0);
/// // The second step goes from ½ to ¼, and the average takes half of each.
/// let averaging = SGD::new(0.25).use_ema(true).ema_momentum(0.5).ema_overwrite_frequency(1);
/// close(after(2, averaging), (0.5 + 0.25) / 2.0);
/// ```
pub trait Optimizer: Send + Sync {
    /// Keras's name, such as `adam`.
    fn name(&self) -> &'static str;

    /// What all optimizers have: a learning rate, clipping and so on.
    fn options(&self) -> &Options;

    /// The same, to be changed.
    fn options_mut(&mut self) -> &mut Options;

    /// What is remembered of each number of a weight.
    fn slots(&self) -> Vec<Slot>;

    /// Changes a weight in place. `slots` has as many parts as [`Optimizer::slots`] says, each as
    /// long as the weight.
    fn update(
        &self,
        step: &Step,
        weight: &mut [Float],
        gradient: &[Float],
        slots: &mut [&mut [Float]],
    );

    /// Whether the change of each number depends on its own gradient and slots alone. Then
    /// [`Optimizer::update`] may be given a weight piece by piece, which is faster. No by default.
    fn is_elementwise(&self) -> bool {
        false
    }

    /// How large, signs aside, the numbers of a weight and of its slots can be after an update, in
    /// the place of how large they are before it and with gradients up to `gradient`. Where this
    /// shows that nothing can become infinite, [`Optimizer::update`] works on the weight itself,
    /// which is faster than on a copy; then it must not panic. By default nothing is known.
    fn bound(&self, step: &Step, gradient: f64, weight: &mut f64, slots: &mut [f64]) {
        let _ = (step, gradient, slots);
        *weight = f64::INFINITY;
    }

    /// Checks the settings that are not among [`Optimizer::options`], once when a model is
    /// compiled.
    ///
    /// # Errors
    /// [`Error::Option`] for a setting that makes no sense.
    fn check(&self) -> Result<(), Error> {
        Ok(())
    }

    /// Takes a part of each weight away before it is updated: `w -= lr · weight_decay · w`. None by
    /// default, but for [`AdamW`].
    fn weight_decay(mut self, weight_decay: Float) -> Self
    where
        Self: Sized,
    {
        self.options_mut().weight_decay = Some(written(weight_decay));
        self
    }

    /// Leaves weights out of the decay: those whose path has one of these names (`"bias"`), or
    /// several in a row (`"encoder.dense"`).
    fn exclude_from_weight_decay<I>(mut self, names: I) -> Self
    where
        Self: Sized,
        I: IntoIterator<Item: Into<String>>,
    {
        self.options_mut().without_decay = names.into_iter().map(Into::into).collect();
        self
    }

    /// Scales the gradient of each weight down where its norm, the root of the sum of its squares,
    /// is larger than this.
    fn clipnorm(mut self, clipnorm: Float) -> Self
    where
        Self: Sized,
    {
        self.options_mut().clipnorm = Some(clipnorm);
        self
    }

    /// Moves each number of the gradients to the nearest between `-clipvalue` and `clipvalue`.
    fn clipvalue(mut self, clipvalue: Float) -> Self
    where
        Self: Sized,
    {
        self.options_mut().clipvalue = Some(clipvalue);
        self
    }

    /// Scales all gradients down alike where the norm of all of them together is larger than this.
    fn global_clipnorm(mut self, global_clipnorm: Float) -> Self
    where
        Self: Sized,
    {
        self.options_mut().global_clipnorm = Some(global_clipnorm);
        self
    }

    /// Whether a moving average of each weight is kept; no by default. As in Keras, `fit` ends with
    /// the averages in the place of the weights; see also
    /// [`Trainer::swap_ema_weights`](crate::Trainer::swap_ema_weights).
    fn use_ema(mut self, use_ema: bool) -> Self
    where
        Self: Sized,
    {
        self.options_mut().use_ema = use_ema;
        self
    }

    /// How slowly the moving average changes, `average = ema_momentum · average + (1 -
    /// ema_momentum) · w`, from 0 to 1; 0.99 by default.
    fn ema_momentum(mut self, ema_momentum: Float) -> Self
    where
        Self: Sized,
    {
        self.options_mut().ema_momentum = written(ema_momentum);
        self
    }

    /// Puts the moving averages in the place of the weights each time that this many steps have
    /// been made; never by default.
    fn ema_overwrite_frequency(mut self, steps: u64) -> Self
    where
        Self: Sized,
    {
        self.options_mut().ema_overwrite_frequency = Some(steps);
        self
    }

    /// Changes weights only after every so many batches, at least 2, by the mean of their
    /// gradients; after each batch by default. Schedules still count batches.
    fn gradient_accumulation_steps(mut self, steps: u64) -> Self
    where
        Self: Sized,
    {
        self.options_mut().gradient_accumulation_steps = Some(steps);
        self
    }
}

impl<O: Optimizer + ?Sized> Optimizer for Box<O> {
    fn name(&self) -> &'static str {
        (**self).name()
    }

    fn options(&self) -> &Options {
        (**self).options()
    }

    fn options_mut(&mut self) -> &mut Options {
        (**self).options_mut()
    }

    fn slots(&self) -> Vec<Slot> {
        (**self).slots()
    }

    fn update(
        &self,
        step: &Step,
        weight: &mut [Float],
        gradient: &[Float],
        slots: &mut [&mut [Float]],
    ) {
        (**self).update(step, weight, gradient, slots);
    }

    fn is_elementwise(&self) -> bool {
        (**self).is_elementwise()
    }

    fn bound(&self, step: &Step, gradient: f64, weight: &mut f64, slots: &mut [f64]) {
        (**self).bound(step, gradient, weight, slots);
    }

    fn check(&self) -> Result<(), Error> {
        (**self).check()
    }
}

/// What the optimizers of this crate answer alike.
macro_rules! elementwise {
    ($name:literal) => {
        fn name(&self) -> &'static str {
            $name
        }

        fn options(&self) -> &$crate::optimizer::Options {
            &self.options
        }

        fn options_mut(&mut self) -> &mut $crate::optimizer::Options {
            &mut self.options
        }

        fn is_elementwise(&self) -> bool {
            true
        }

        fn update(
            &self,
            step: &$crate::optimizer::Step,
            weight: &mut [$crate::Float],
            gradient: &[$crate::Float],
            slots: &mut [&mut [$crate::Float]],
        ) {
            self.pass(step, weight, gradient, slots);
        }
    };
}
use elementwise;

fn wrong<T: Scalar>(name: &'static str, value: T, expected: &'static str) -> Result<(), Error> {
    Err(Error::Option { name, value: value.to_string(), expected })
}

fn at_least_0<T: Scalar>(name: &'static str, value: T) -> Result<(), Error> {
    if value.is_finite() && value >= T::zero() {
        return Ok(());
    }
    wrong(name, value, "a number from 0 on")
}

fn above_0<T: Scalar>(name: &'static str, value: T) -> Result<(), Error> {
    if value.is_finite() && value > T::zero() {
        return Ok(());
    }
    wrong(name, value, "a number above 0")
}

fn below_1(name: &'static str, value: f64) -> Result<(), Error> {
    if (0.0..1.0).contains(&value) {
        return Ok(());
    }
    wrong(name, value, "a number from 0 to below 1")
}

fn up_to_1(name: &'static str, value: f64) -> Result<(), Error> {
    if (0.0..=1.0).contains(&value) {
        return Ok(());
    }
    wrong(name, value, "a number from 0 to 1")
}

/// What can be given as an optimizer: an [`Optimizer`], a [`MultiOptimizer`], or Keras's name of
/// one with its defaults (`"adam"`).
pub trait IntoOptimizer {
    /// The optimizer, of all weights or of parts of them.
    ///
    /// # Errors
    /// [`Error::UnknownName`] for a name that no optimizer has.
    fn into_optimizer(self) -> Result<MultiOptimizer, Error>;
}

impl<O: Optimizer + 'static> IntoOptimizer for O {
    fn into_optimizer(self) -> Result<MultiOptimizer, Error> {
        Ok(MultiOptimizer::new(self))
    }
}

impl IntoOptimizer for MultiOptimizer {
    fn into_optimizer(self) -> Result<MultiOptimizer, Error> {
        Ok(self)
    }
}

const NAMES: [&str; 9] =
    ["sgd", "adam", "adamw", "rmsprop", "adagrad", "adadelta", "adamax", "nadam", "lion"];

impl IntoOptimizer for &str {
    fn into_optimizer(self) -> Result<MultiOptimizer, Error> {
        Ok(match self {
            "sgd" => MultiOptimizer::new(SGD::default()),
            "adam" => MultiOptimizer::new(Adam::default()),
            "adamw" => MultiOptimizer::new(AdamW::default()),
            "rmsprop" => MultiOptimizer::new(RMSprop::default()),
            "adagrad" => MultiOptimizer::new(Adagrad::default()),
            "adadelta" => MultiOptimizer::new(Adadelta::default()),
            "adamax" => MultiOptimizer::new(Adamax::default()),
            "nadam" => MultiOptimizer::new(Nadam::default()),
            "lion" => MultiOptimizer::new(Lion::default()),
            unknown => return Err(names::unknown("optimizer", unknown, NAMES)),
        })
    }
}
