//! Callbacks: what happens in a `fit` besides training, given to it by
//! [`Fit::callback`](crate::Fit::callback), or in an evaluation or prediction. Names, defaults and
//! arithmetic are those of
//! [Keras](https://keras.io/api/callbacks/); where one differs, its docs say so.
//!
//! ```
//! use model_runtime::prelude::*;
//! use ndarray::Array2;
//!
//! /// Says when the loss of an epoch is the smallest so far.
//! #[derive(Default)]
//! struct Records(Vec<Float>);
//!
//! impl<M: Functional> Callback<M> for Records {
//!     fn on_epoch_end(
//!         &mut self,
//!         trainer: &mut Trainer<M>,
//!         epoch: usize,
//!         logs: &mut Logs,
//!     ) -> Result<(), Error> {
//!         let loss = logs["loss"];
//!         if self.0.iter().all(|best| loss < *best) {
//!             trainer.print(format!("epoch {}: {loss} is the best", epoch + 1));
//!             self.0.push(loss);
//!         }
//!         if loss < 1e-3 {
//!             trainer.stop_training();
//!         }
//!         Ok(())
//!     }
//! }
//!
//! # fn main() -> Result<(), Error> {
//! let (x, y) = (Array2::<f32>::ones((8, 2)), Array2::<f32>::ones((8, 1)));
//! let net = model! { x = Input(2); Dense(1)(x) };
//! let mut trainer = net.compile(SGD::new(0.1), "mse")?;
//! let mut records = Records::default();
//! let options = Fit::epochs(50)
//!     .callback(&mut records)
//!     .callback(EarlyStopping::new().monitor("loss").patience(5))
//!     .verbose(0);
//! let history = trainer.fit(&x, &y, options)?;
//! assert!(!records.0.is_empty() && history["loss"].len() < 50);
//! # Ok(())
//! # }
//! ```

mod backup;
mod csv_logger;
mod early_stopping;
mod events;
#[cfg(test)]
mod interrupt_tests;
mod lambda;
mod learning_rate;
mod model_checkpoint;
mod monitor;
mod plateau;
#[cfg(test)]
mod resume_tests;
mod state;
mod tensorboard;
#[cfg(test)]
mod tensorboard_tests;
mod terminate;
#[cfg(test)]
mod tests;

pub use backup::BackupAndRestore;
pub use csv_logger::CSVLogger;
pub use early_stopping::EarlyStopping;
pub use lambda::LambdaCallback;
pub use learning_rate::LearningRateScheduler;
pub use model_checkpoint::ModelCheckpoint;
pub use monitor::Mode;
pub use plateau::ReduceLROnPlateau;
pub use state::CallbackState;
pub(crate) use state::{set_states, states};
pub use tensorboard::TensorBoard;
pub use terminate::TerminateOnNaN;

use ndarray::ArrayD;

use crate::{Error, Float, Functional, Logs, Trainer};

/// What is called while `fit` runs, and an evaluation or prediction that is given it. See [the
/// module](self) for an example.
///
/// Every method is given the trainer: its weights ([`Trainer::model`]), learning rates
/// ([`Trainer::learning_rate`]), predictions, and [`Trainer::stop_training`]. An error ends `fit`
/// with that error; the weights are then those after the last batch. A panic leaves the trainer as
/// usable as an error does.
///
/// A `&mut` of a callback is one too, so that it can be looked at after `fit`, and so is a `Box`.
pub trait Callback<M: Functional> {
    /// `fit` begins. A [`Trainer::load_state`] in here makes it go on from there.
    ///
    /// # Errors
    /// What is to end `fit`; so of all methods.
    fn on_train_begin(&mut self, trainer: &mut Trainer<M>) -> Result<(), Error> {
        let _ = trainer;
        Ok(())
    }

    /// `fit` ends, and not with an error; with the logs of the last epoch, none if none has run.
    ///
    /// # Errors
    /// What `fit` is to return.
    fn on_train_end(&mut self, trainer: &mut Trainer<M>, logs: &Logs) -> Result<(), Error> {
        let _ = (trainer, logs);
        Ok(())
    }

    /// An epoch begins, counted from 0; or goes on, after [`Fit::resume`](crate::Fit::resume).
    ///
    /// # Errors
    /// What is to end `fit`.
    fn on_epoch_begin(&mut self, trainer: &mut Trainer<M>, epoch: usize) -> Result<(), Error> {
        let _ = (trainer, epoch);
        Ok(())
    }

    /// An epoch has ended, or has been stopped. The logs have the losses and metrics, those of the
    /// validation with `val_` before them, and the variables of one number; what is added to them
    /// is shown, and in the history.
    ///
    /// # Errors
    /// What is to end `fit`.
    fn on_epoch_end(
        &mut self,
        trainer: &mut Trainer<M>,
        epoch: usize,
        logs: &mut Logs,
    ) -> Result<(), Error> {
        let _ = (trainer, epoch, logs);
        Ok(())
    }

    /// A batch is about to be trained on, counted from 0 in its epoch.
    ///
    /// # Errors
    /// What is to end `fit`.
    fn on_train_batch_begin(
        &mut self,
        trainer: &mut Trainer<M>,
        batch: usize,
    ) -> Result<(), Error> {
        let _ = (trainer, batch);
        Ok(())
    }

    /// A batch has been trained on. The logs are of all batches of the epoch so far.
    ///
    /// # Errors
    /// What is to end `fit`.
    fn on_train_batch_end(
        &mut self,
        trainer: &mut Trainer<M>,
        batch: usize,
        logs: &Logs,
    ) -> Result<(), Error> {
        let _ = (trainer, batch, logs);
        Ok(())
    }

    /// An evaluation begins, or a validation in `fit`. The trainer is only looked at here, and in
    /// the other methods of evaluations and predictions.
    ///
    /// # Errors
    /// What is to end `fit`, `evaluate_with` or `evaluate_batches`.
    fn on_test_begin(&mut self, trainer: &Trainer<M>) -> Result<(), Error> {
        let _ = trainer;
        Ok(())
    }

    /// An evaluation or validation ends, and not with an error. The logs are its result; in `fit`,
    /// names do not begin with `val_` yet.
    ///
    /// # Errors
    /// As [`Callback::on_test_begin`].
    fn on_test_end(&mut self, trainer: &Trainer<M>, logs: &Logs) -> Result<(), Error> {
        let _ = (trainer, logs);
        Ok(())
    }

    /// A batch is about to be evaluated, counted from 0.
    ///
    /// # Errors
    /// As [`Callback::on_test_begin`].
    fn on_test_batch_begin(&mut self, trainer: &Trainer<M>, batch: usize) -> Result<(), Error> {
        let _ = (trainer, batch);
        Ok(())
    }

    /// A batch has been evaluated. The logs are of all batches so far.
    ///
    /// # Errors
    /// As [`Callback::on_test_begin`].
    fn on_test_batch_end(
        &mut self,
        trainer: &Trainer<M>,
        batch: usize,
        logs: &Logs,
    ) -> Result<(), Error> {
        let _ = (trainer, batch, logs);
        Ok(())
    }

    /// A prediction begins.
    ///
    /// # Errors
    /// What is to end [`Trainer::predict_with`] or [`Trainer::predict_batches`].
    fn on_predict_begin(&mut self, trainer: &Trainer<M>) -> Result<(), Error> {
        let _ = trainer;
        Ok(())
    }

    /// A prediction ends, and not with an error.
    ///
    /// # Errors
    /// As [`Callback::on_predict_begin`].
    fn on_predict_end(&mut self, trainer: &Trainer<M>) -> Result<(), Error> {
        let _ = trainer;
        Ok(())
    }

    /// A batch is about to be predicted, counted from 0.
    ///
    /// # Errors
    /// As [`Callback::on_predict_begin`].
    fn on_predict_batch_begin(&mut self, trainer: &Trainer<M>, batch: usize) -> Result<(), Error> {
        let _ = (trainer, batch);
        Ok(())
    }

    /// A batch has been predicted: its outputs, samples first.
    ///
    /// # Errors
    /// As [`Callback::on_predict_begin`].
    fn on_predict_batch_end(
        &mut self,
        trainer: &Trainer<M>,
        batch: usize,
        outputs: &M::Outputs<ArrayD<Float>>,
    ) -> Result<(), Error> {
        let _ = (trainer, batch, outputs);
        Ok(())
    }

    /// A batch has failed, and changed nothing. Whether training then ends as
    /// [`Trainer::stop_training`] ends it, and not with the error; no by default.
    ///
    /// ```
    /// use model_runtime::prelude::*;
    /// struct Lenient;
    ///
    /// impl<M: Functional> Callback<M> for Lenient {
    ///     fn forgives(&mut self, _: &mut Trainer<M>, error: &Error) -> bool {
    ///         println!("training ends: {error}");
    ///         true
    ///     }
    /// }
    ///
    /// let infinite = per_sample(|_, y_pred| (y_pred / 0.0).mean_per_sample());
    /// let net = model! { x = Input(2); Dense(1)(x) };
    /// let mut trainer = net.compile("sgd", infinite)?;
    /// let (x, y) = (ndarray::array![[1.0, 2.0]], ndarray::array![[3.0]]);
    /// assert!(trainer.fit(&x, &y, Fit::epochs(9).verbose(0)).is_err());
    /// let history = trainer.fit(&x, &y, Fit::epochs(9).callback(Lenient).verbose(0))?;
    /// assert!(history.epochs.is_empty());
    /// # Ok::<(), Error>(())
    /// ```
    fn forgives(&mut self, trainer: &mut Trainer<M>, error: &Error) -> bool {
        let _ = (trainer, error);
        false
    }

    /// What it counts, for the state of the training to have it too. Nothing by default; then it
    /// begins anew where training goes on. See [`CallbackState`] for an example.
    fn state(&self) -> Option<CallbackState> {
        None
    }

    /// Counts on from a [`state`](Callback::state) of its kind, after
    /// [`on_train_begin`](Callback::on_train_begin) of all callbacks, where training goes on.
    ///
    /// # Errors
    /// What is to end `fit`.
    fn set_state(&mut self, trainer: &Trainer<M>, state: &CallbackState) -> Result<(), Error> {
        let _ = (trainer, state);
        Ok(())
    }
}

/// Hands all hooks that may fail, with their arguments, to a macro.
macro_rules! hooks {
    ($all:ident) => {
        $all! {
            on_train_begin(trainer: &mut Trainer<M>), "What is called when `fit` begins.";
            on_train_end(trainer: &mut Trainer<M>, logs: &Logs),
                "What is called when `fit` ends, and not with an error.";
            on_epoch_begin(trainer: &mut Trainer<M>, epoch: usize),
                "What is called when an epoch begins.";
            on_epoch_end(trainer: &mut Trainer<M>, epoch: usize, logs: &mut Logs),
                "What is called when an epoch has ended.";
            on_train_batch_begin(trainer: &mut Trainer<M>, batch: usize),
                "What is called before a batch is trained on.";
            on_train_batch_end(trainer: &mut Trainer<M>, batch: usize, logs: &Logs),
                "What is called after a batch has been trained on.";
            on_test_begin(trainer: &Trainer<M>),
                "What is called when an evaluation or validation begins.";
            on_test_end(trainer: &Trainer<M>, logs: &Logs),
                "What is called when an evaluation or validation ends, and not with an error.";
            on_test_batch_begin(trainer: &Trainer<M>, batch: usize),
                "What is called before a batch is evaluated.";
            on_test_batch_end(trainer: &Trainer<M>, batch: usize, logs: &Logs),
                "What is called after a batch has been evaluated.";
            on_predict_begin(trainer: &Trainer<M>), "What is called when a prediction begins.";
            on_predict_end(trainer: &Trainer<M>),
                "What is called when a prediction ends, and not with an error.";
            on_predict_batch_begin(trainer: &Trainer<M>, batch: usize),
                "What is called before a batch is predicted.";
            on_predict_batch_end(
                trainer: &Trainer<M>,
                batch: usize,
                outputs: &M::Outputs<ArrayD<Float>>
            ), "What is called after a batch has been predicted.";
        }
    };
}
use hooks;

/// What points at a callback is one.
macro_rules! pointers {
    ($($hook:ident($($argument:ident: $type:ty),*), $doc:literal;)*) => {
        pointers! { &mut C, $($hook($($argument: $type),*);)* }
        pointers! { Box<C>, $($hook($($argument: $type),*);)* }
    };
    ($pointer:ty, $($hook:ident($($argument:ident: $type:ty),*);)*) => {
        impl<M: Functional, C: Callback<M> + ?Sized> Callback<M> for $pointer {
            $(
                fn $hook(&mut self, $($argument: $type),*) -> Result<(), Error> {
                    (**self).$hook($($argument),*)
                }
            )*

            fn forgives(&mut self, trainer: &mut Trainer<M>, error: &Error) -> bool {
                (**self).forgives(trainer, error)
            }

            fn state(&self) -> Option<CallbackState> {
                (**self).state()
            }

            fn set_state(
                &mut self,
                trainer: &Trainer<M>,
                state: &CallbackState,
            ) -> Result<(), Error> {
                (**self).set_state(trainer, state)
            }
        }
    };
}

hooks! { pointers }

/// The callbacks of a `fit`, evaluation or prediction, in the order in which they are called.
pub(crate) struct Callbacks<'a, M>(pub Vec<Box<dyn Callback<M> + 'a>>);

impl<M> Default for Callbacks<'_, M> {
    fn default() -> Self {
        Callbacks(Vec::new())
    }
}

impl<M: Functional> Callbacks<'_, M> {
    /// Whether one of them forgives an error.
    pub fn forgive(&mut self, trainer: &mut Trainer<M>, error: &Error) -> bool {
        self.0.iter_mut().any(|callback| callback.forgives(trainer, error))
    }
}

/// How often something is saved or written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Frequency {
    /// At the end of each epoch.
    Epoch,
    /// Each time that so many batches have been trained on.
    Batches(usize),
}

impl Frequency {
    /// Counts a batch; whether it is time.
    fn is_due(self, count: &mut usize) -> bool {
        *count += 1;
        match self {
            Frequency::Batches(batches) if *count >= batches => {
                *count = 0;
                true
            }
            _ => false,
        }
    }

    fn check(self, name: &'static str) -> Result<(), Error> {
        if self == Frequency::Batches(0) {
            return Err(Error::Option { name, value: "0".to_owned(), expected: "1 or more" });
        }
        Ok(())
    }
}
