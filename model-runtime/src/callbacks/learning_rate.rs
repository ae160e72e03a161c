use super::Callback;
use crate::{Error, Float, Functional, Logs, Trainer};

/// Sets learning rates at the beginning of each epoch, by its number, counted from 0, and the
/// learning rate so far; not in an epoch that goes on after [`Fit::resume`](crate::Fit::resume).
/// [Keras's `LearningRateScheduler`](https://keras.io/api/callbacks/learning_rate_scheduler/). Adds
/// `learning_rate` to the logs.
///
/// For a learning rate that changes with every step, give the optimizer a
/// [schedule](crate::optimizer::schedule).
///
/// ```
/// use model_runtime::prelude::*;
/// let net = model! { x = Input(2); Dense(1)(x) };
/// let mut trainer = net.compile(SGD::new(0.5), "mse")?;
/// let (x, y) = (ndarray::array![[1.0, 2.0]], ndarray::array![[3.0]]);
/// let halved = LearningRateScheduler::new(|epoch, r| if epoch < 1 { r } else { r / 2.0 });
/// let history = trainer.fit(&x, &y, Fit::epochs(3).callback(halved).verbose(0))?;
/// assert_eq!(history["learning_rate"], [0.5, 0.25, 0.125]);
/// # Ok::<(), Error>(())
/// ```
///
/// # Errors
/// [`Error::Option`] for a learning rate that is negative or not finite, and for an optimizer whose
/// learning rate follows a schedule.
pub struct LearningRateScheduler<F> {
    schedule: F,
    verbose: bool,
}

impl<F: FnMut(usize, Float) -> Float> LearningRateScheduler<F> {
    /// By this closure of the epoch and the learning rate so far.
    pub fn new(schedule: F) -> LearningRateScheduler<F> {
        LearningRateScheduler { schedule, verbose: false }
    }

    /// Whether it says what it does; no by default.
    pub fn verbose(mut self, verbose: bool) -> LearningRateScheduler<F> {
        self.verbose = verbose;
        self
    }
}

impl<M: Functional, F: FnMut(usize, Float) -> Float> Callback<M> for LearningRateScheduler<F> {
    fn on_train_begin(&mut self, trainer: &mut Trainer<M>) -> Result<(), Error> {
        trainer.check_rates()
    }

    fn on_epoch_begin(&mut self, trainer: &mut Trainer<M>, epoch: usize) -> Result<(), Error> {
        // An epoch that goes on has its learning rate.
        if trainer.batches_of_epoch() > 0 {
            return Ok(());
        }
        for (place, (name, rate)) in trainer.rates().into_iter().enumerate() {
            let rate = (self.schedule)(epoch, rate);
            trainer.set_rate(place, rate)?;
            if self.verbose {
                let epoch = epoch + 1;
                trainer
                    .print(format!("Epoch {epoch}: LearningRateScheduler: {name} is {rate} now"));
            }
        }
        Ok(())
    }

    fn on_epoch_end(
        &mut self,
        trainer: &mut Trainer<M>,
        _: usize,
        logs: &mut Logs,
    ) -> Result<(), Error> {
        trainer.rates().into_iter().for_each(|(name, rate)| logs.set(&name, rate));
        Ok(())
    }
}
