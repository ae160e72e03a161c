use super::monitor::{Monitor, monitored};
use super::{Callback, CallbackState};
use crate::float::{Scalar, written};
use crate::{Error, Float, Functional, Logs, Trainer};

/// Makes learning rates smaller when a value has stopped getting better: `learning_rate · factor`;
/// [Keras's `ReduceLROnPlateau`](https://keras.io/api/callbacks/reduce_lr_on_plateau/). Adds
/// `learning_rate` to the logs.
///
/// ```
/// use model_runtime::prelude::*;
/// let net = model! { x = Input(2); Dense(1)(x) };
/// let mut trainer = net.compile(SGD::new(0.5), "mse")?;
/// let (x, y) = (ndarray::array![[1.0, 2.0]], ndarray::array![[3.0]]);
/// let reduce = ReduceLROnPlateau::new().monitor("loss").min_delta(1e9).factor(0.1).patience(1);
/// let history = trainer.fit(&x, &y, Fit::epochs(3).callback(reduce).verbose(0))?;
/// assert_eq!(history["learning_rate"], [0.5, 0.5, 0.05]);
/// # Ok::<(), Error>(())
/// ```
///
/// Down to a least learning rate, where epochs after a reduction do not count, as Keras counts them
/// (the last of them does):
///
/// ```
/// use model_runtime::prelude::*;
/// use model_runtime::callbacks::Mode;
/// let net = model! { x = Input(2); Dense(1)(x) };
/// let mut trainer = net.compile(SGD::new(0.5), "mse")?;
/// let (x, y) = (ndarray::array![[1.0, 2.0]], ndarray::array![[3.0]]);
/// let reduce = ReduceLROnPlateau::new()
///     .monitor("loss")
///     .mode(Mode::Min)
///     .min_delta(1e9)
///     .factor(0.5)
///     .patience(1)
///     .cooldown(2)
///     .min_lr(0.2);
/// let history = trainer.fit(&x, &y, Fit::epochs(6).callback(reduce).verbose(0))?;
/// assert_eq!(history["learning_rate"], [0.5, 0.5, 0.25, 0.25, 0.2, 0.2]);
/// # Ok::<(), Error>(())
/// ```
///
/// # Errors
/// As [`EarlyStopping`](super::EarlyStopping); [`Error::Option`] for a factor of 1 or more, and for
/// an optimizer whose learning rate follows a schedule.
pub struct ReduceLROnPlateau {
    monitor: Monitor,
    factor: f64,
    patience: usize,
    cooldown: usize,
    min_lr: f64,
    verbose: bool,
    best: Option<Float>,
    wait: usize,
    cooldown_counter: usize,
}

monitored!(ReduceLROnPlateau, "0.0001");

impl Default for ReduceLROnPlateau {
    fn default() -> ReduceLROnPlateau {
        ReduceLROnPlateau::new()
    }
}

impl ReduceLROnPlateau {
    /// Follows `val_loss`, with a factor of 0.1 and a patience of 10.
    pub fn new() -> ReduceLROnPlateau {
        ReduceLROnPlateau {
            monitor: Monitor::new(1e-4),
            factor: 0.1,
            patience: 10,
            cooldown: 0,
            min_lr: 0.0,
            verbose: false,
            best: None,
            wait: 0,
            cooldown_counter: 0,
        }
    }

    /// What learning rates are multiplied with, from 0 to below 1; 0.1 by default.
    pub fn factor(mut self, factor: Float) -> ReduceLROnPlateau {
        self.factor = written(factor);
        self
    }

    /// After how many epochs in which nothing gets better it reduces; 10 by default.
    pub fn patience(mut self, patience: usize) -> ReduceLROnPlateau {
        self.patience = patience;
        self
    }

    /// How many epochs after that do not count; 0 by default.
    pub fn cooldown(mut self, cooldown: usize) -> ReduceLROnPlateau {
        self.cooldown = cooldown;
        self
    }

    /// What no learning rate is made smaller than; 0 by default.
    pub fn min_lr(mut self, min_lr: Float) -> ReduceLROnPlateau {
        self.min_lr = written(min_lr);
        self
    }

    /// Whether it says what it does; no by default.
    pub fn verbose(mut self, verbose: bool) -> ReduceLROnPlateau {
        self.verbose = verbose;
        self
    }

    /// Makes the learning rates smaller; whether one was not the smallest already.
    fn reduce<M: Functional>(&self, trainer: &mut Trainer<M>, epoch: usize) -> Result<bool, Error> {
        let mut reduced = false;
        for (place, (name, rate)) in trainer.rates().into_iter().enumerate() {
            if rate <= Float::of(self.min_lr) {
                continue;
            }
            let rate = Float::of((rate.as_f64() * self.factor).max(self.min_lr));
            trainer.set_rate(place, rate)?;
            reduced = true;
            if self.verbose {
                let epoch = epoch + 1;
                trainer.print(format!("Epoch {epoch}: ReduceLROnPlateau: {name} is {rate} now"));
            }
        }
        Ok(reduced)
    }
}

impl<M: Functional> Callback<M> for ReduceLROnPlateau {
    fn on_train_begin(&mut self, trainer: &mut Trainer<M>) -> Result<(), Error> {
        // Now, and not after hours when it is time to reduce.
        trainer.check_rates()?;
        if !(0.0..1.0).contains(&self.factor) {
            let (name, value) = ("factor", self.factor.to_string());
            return Err(Error::Option { name, value, expected: "a number from 0 to below 1" });
        }
        (self.best, self.wait, self.cooldown_counter) = (None, 0, 0);
        Ok(())
    }

    fn on_epoch_end(
        &mut self,
        trainer: &mut Trainer<M>,
        epoch: usize,
        logs: &mut Logs,
    ) -> Result<(), Error> {
        trainer.rates().into_iter().for_each(|(name, rate)| logs.set(&name, rate));
        if trainer.batches_of_epoch() > 0 {
            // It has been cut off, and ends when training goes on.
            return Ok(());
        }
        let Some((value, direction)) = self.monitor.value(trainer, logs)? else { return Ok(()) };
        if self.cooldown_counter > 0 {
            self.cooldown_counter -= 1;
            self.wait = 0;
        }
        if self.monitor.is_better(value, self.best, direction) {
            (self.best, self.wait) = (Some(value), 0);
        } else if self.cooldown_counter == 0 {
            self.wait += 1;
            if self.wait >= self.patience && self.reduce(trainer, epoch)? {
                (self.cooldown_counter, self.wait) = (self.cooldown, 0);
            }
        }
        Ok(())
    }

    fn state(&self) -> Option<CallbackState> {
        let state = CallbackState::new("reduce_lr_on_plateau").with_some("best", self.best);
        let state = state.with("wait", self.wait as Float);
        Some(state.with("cooldown_counter", self.cooldown_counter as Float))
    }

    fn set_state(&mut self, _: &Trainer<M>, state: &CallbackState) -> Result<(), Error> {
        (self.best, self.wait) = (state.get("best"), state.count("wait"));
        self.cooldown_counter = state.count("cooldown_counter");
        Ok(())
    }
}
