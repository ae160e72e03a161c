use super::monitor::{Monitor, monitored};
use super::{Callback, CallbackState};
use crate::weights::Snapshot;
use crate::{Error, Float, Functional, Logs, Trainer};

/// Ends training when a value has stopped getting better, and gives the model the weights of the
/// best epoch; [Keras's `EarlyStopping`](https://keras.io/api/callbacks/early_stopping/), with
/// `restore_best_weights` true by default.
///
/// ```
/// use model_runtime::prelude::*;
/// let net = model! { x = Input(2); Dense(1)(x) };
/// let mut trainer = net.compile(SGD::new(0.0), "mse")?;
/// let (x, y) = (ndarray::array![[1.0, 2.0]], ndarray::array![[3.0]]);
/// let options = Fit::epochs(9).callback(EarlyStopping::new().monitor("loss").patience(2));
/// let history = trainer.fit(&x, &y, options.verbose(0))?;
/// assert_eq!(history["loss"].len(), 3);
/// # Ok::<(), Error>(())
/// ```
///
/// A `&mut` of it can be asked afterwards. Here the first two epochs do not count, and the third is
/// the best, since nothing changes:
///
/// ```
/// use model_runtime::prelude::*;
/// use model_runtime::callbacks::Mode;
/// let net = model! { x = Input(2); Dense(1)(x) };
/// let mut trainer = net.compile(SGD::new(0.0), "mse")?;
/// let (x, y) = (ndarray::array![[1.0, 2.0]], ndarray::array![[3.0]]);
/// let mut stopping = EarlyStopping::new()
///     .monitor("loss")
///     .mode(Mode::Min)
///     .min_delta(0.1)
///     .baseline(1e9)
///     .start_from_epoch(2)
///     .patience(2)
///     .restore_best_weights(false);
/// let history = trainer.fit(&x, &y, Fit::epochs(9).callback(&mut stopping).verbose(0))?;
/// assert_eq!((stopping.best_epoch(), stopping.stopped_epoch()), (2, Some(4)));
/// assert_eq!(stopping.best(), Some(history["loss"][2]));
/// # Ok::<(), Error>(())
/// ```
///
/// # Errors
/// In the first epoch without the value: [`Error::UnknownName`], which lists what there is.
/// [`Error::Option`] if it is not known in which direction the value gets better.
pub struct EarlyStopping {
    monitor: Monitor,
    patience: usize,
    baseline: Option<Float>,
    restore_best_weights: bool,
    start_from_epoch: usize,
    verbose: bool,
    wait: usize,
    best: Option<Float>,
    best_epoch: usize,
    best_weights: Option<Snapshot>,
    stopped_epoch: Option<usize>,
}

monitored!(EarlyStopping, "0");

impl Default for EarlyStopping {
    fn default() -> EarlyStopping {
        EarlyStopping::new()
    }
}

impl EarlyStopping {
    /// Follows `val_loss`, with a patience of 0.
    pub fn new() -> EarlyStopping {
        EarlyStopping {
            monitor: Monitor::new(0.0),
            patience: 0,
            baseline: None,
            restore_best_weights: true,
            start_from_epoch: 0,
            verbose: false,
            wait: 0,
            best: None,
            best_epoch: 0,
            best_weights: None,
            stopped_epoch: None,
        }
    }

    /// After how many epochs in which nothing gets better training ends; 0 by default.
    pub fn patience(mut self, patience: usize) -> EarlyStopping {
        self.patience = patience;
        self
    }

    /// What the value must be better than for the patience to begin anew; none by default.
    pub fn baseline(mut self, baseline: Float) -> EarlyStopping {
        self.baseline = Some(baseline);
        self
    }

    /// Whether the weights and variables at the end are those of the best epoch, and not of the
    /// last; yes by default. Those of the losses are not touched. With [moving
    /// averages](crate::Optimizer::use_ema), they are those that were measured, not their averages.
    pub fn restore_best_weights(mut self, restore_best_weights: bool) -> EarlyStopping {
        self.restore_best_weights = restore_best_weights;
        self
    }

    /// How many epochs do not count at the beginning; 0 by default.
    pub fn start_from_epoch(mut self, start_from_epoch: usize) -> EarlyStopping {
        self.start_from_epoch = start_from_epoch;
        self
    }

    /// Whether it says what it does; no by default.
    pub fn verbose(mut self, verbose: bool) -> EarlyStopping {
        self.verbose = verbose;
        self
    }

    /// The epoch, counted from 0, in which it ended training, if it did.
    pub fn stopped_epoch(&self) -> Option<usize> {
        self.stopped_epoch
    }

    /// The best value so far.
    pub fn best(&self) -> Option<Float> {
        self.best
    }

    /// The epoch of the best value, counted from 0.
    pub fn best_epoch(&self) -> usize {
        self.best_epoch
    }
}

impl<M: Functional> Callback<M> for EarlyStopping {
    fn on_train_begin(&mut self, _: &mut Trainer<M>) -> Result<(), Error> {
        (self.wait, self.best, self.best_epoch) = (0, None, 0);
        (self.best_weights, self.stopped_epoch) = (None, None);
        Ok(())
    }

    fn on_epoch_end(
        &mut self,
        trainer: &mut Trainer<M>,
        epoch: usize,
        logs: &mut Logs,
    ) -> Result<(), Error> {
        let Some((value, direction)) = self.monitor.value(trainer, logs)? else { return Ok(()) };
        if epoch < self.start_from_epoch {
            return Ok(());
        }
        self.wait += 1;
        if self.monitor.is_better(value, self.best, direction) {
            (self.best, self.best_epoch) = (Some(value), epoch);
            self.best_weights = self.restore_best_weights.then(|| Snapshot::of(trainer.model()));
            if self.monitor.is_better(value, self.baseline, direction) {
                self.wait = 0;
            }
            return Ok(());
        }
        if self.wait >= self.patience && epoch > 0 {
            self.stopped_epoch = Some(epoch);
            trainer.stop_training();
        }
        Ok(())
    }

    fn on_train_end(&mut self, trainer: &mut Trainer<M>, _: &Logs) -> Result<(), Error> {
        if let (Some(epoch), true) = (self.stopped_epoch, self.verbose) {
            trainer.print(format!("Epoch {}: early stopping", epoch + 1));
        }
        if let Some(weights) = &self.best_weights {
            if self.verbose {
                let epoch = self.best_epoch + 1;
                trainer.print(format!("The weights are those of the best epoch: {epoch}"));
            }
            weights.restore();
        }
        Ok(())
    }

    /// Nothing where it has ended training: what goes on then begins anew.
    fn state(&self) -> Option<CallbackState> {
        let state = CallbackState::new("early_stopping");
        if self.stopped_epoch.is_some() {
            return Some(state);
        }
        let state = state.with("wait", self.wait as Float).with_some("best", self.best);
        let state = state.with("best_epoch", self.best_epoch as Float);
        Some(match &self.best_weights {
            Some(weights) => state.with_weights(weights),
            None => state,
        })
    }

    fn set_state(&mut self, trainer: &Trainer<M>, state: &CallbackState) -> Result<(), Error> {
        (self.wait, self.best) = (state.count("wait"), state.get("best"));
        self.best_epoch = state.count("best_epoch");
        if self.restore_best_weights {
            self.best_weights = state.weights(trainer.model())?;
        }
        Ok(())
    }
}
