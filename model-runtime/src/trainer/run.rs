//! What callbacks ask of a running `fit`, and tell it.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::Trainer;
use crate::{Error, Float, Functional};

/// A running `fit`; between two, what the last one was.
#[derive(Default)]
pub(super) struct Run {
    is_running: Arc<AtomicBool>,
    validates: bool,
    /// What stops it, the most that has been told: [`GOES_ON`] to [`INTERRUPTED`].
    stop: Arc<AtomicU8>,
    /// How many print lines when it is time to.
    printing: AtomicUsize,
    /// Lines to be printed.
    lines: Mutex<Vec<String>>,
    /// Where the state is to be saved when all callbacks have been called.
    saves: Mutex<Vec<PathBuf>>,
}

const GOES_ON: u8 = 0;
/// The program itself has ended training.
const STOPPED: u8 = 1;
/// Somebody outside of it has.
const INTERRUPTED: u8 = 2;

impl Run {
    pub fn begin(&mut self, validates: bool) {
        self.validates = validates;
        self.stop.store(GOES_ON, Ordering::Relaxed);
        // What a panic has left of the last one.
        self.take_saves();
    }

    pub fn take_saves(&self) -> Vec<PathBuf> {
        std::mem::take(&mut *self.saves.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Says that training does not change these weights, if there are any.
    pub fn warn_of_idle(&self, paths: &[&str]) {
        /// How many are named.
        const NAMED: usize = 5;
        if paths.is_empty() {
            return;
        }
        let named: Vec<String> = paths.iter().take(NAMED).map(|path| format!("`{path}`")).collect();
        let others = match paths.len().saturating_sub(NAMED) {
            0 => String::new(),
            others => format!(" and {others} more"),
        };
        self.say(format!(
            "Warning: the loss does not depend on {}{others}, which training does not change\n  \
             help: give the output they lead to a loss, or freeze them",
            named.join(", ")
        ));
    }

    fn say(&self, line: String) {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner).push(line);
    }

    /// The lines to be printed now.
    pub fn take_lines(&self) -> Vec<String> {
        std::mem::take(&mut *self.lines.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Whether training ends.
    pub fn stops(&self) -> bool {
        self.stop.load(Ordering::Relaxed) >= STOPPED
    }

    /// Ctrl-C ends training; whether it had not been interrupted yet.
    pub fn interrupt(&self) -> bool {
        self.stop.fetch_max(INTERRUPTED, Ordering::Relaxed) < INTERRUPTED
    }

    /// Keeps lines until they are taken, while what is returned is there.
    pub fn keep_lines(&self) -> Keeping<'_> {
        self.printing.fetch_add(1, Ordering::Relaxed);
        Keeping(&self.printing)
    }
}

/// Says that somebody takes lines, until it is dropped.
pub(super) struct Keeping<'a>(&'a AtomicUsize);

impl Drop for Keeping<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Says that a `fit` runs, until it is dropped.
pub(super) struct Running(Arc<AtomicBool>);

impl Running {
    /// Refuses a `fit` inside of another one of the same trainer.
    pub fn begin(run: &Run) -> Result<Running, Error> {
        if run.is_running.swap(true, Ordering::Relaxed) {
            return Err(Error::callback("it has called `fit` of the trainer that is in `fit`"));
        }
        Ok(Running(Arc::clone(&run.is_running)))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Relaxed);
    }
}

/// Ends a running `fit` from anywhere; see [`Trainer::stopper`].
///
/// ```
/// use model_runtime::prelude::*;
/// let net = model! { x = Input(2); Dense(1)(x) };
/// let mut trainer = net.compile("sgd", "mse")?;
/// let stopper = trainer.stopper();
/// // Somebody presses a button in the third epoch.
/// let presses = LambdaCallback::new().on_epoch_begin(move |_, epoch| {
///     let stopper = stopper.clone();
///     (epoch == 2).then(|| std::thread::spawn(move || stopper.stop()));
///     Ok(())
/// });
/// let (x, y) = (ndarray::array![[1.0, 2.0]], ndarray::array![[3.0]]);
/// trainer.fit(&x, &y, Fit::epochs(usize::MAX).callback(presses).verbose(0))?;
/// assert!(trainer.is_interrupted());
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Stopper(Arc<AtomicU8>);

impl Stopper {
    /// Ends the `fit` that runs, as Ctrl-C does with
    /// [`Fit::stop_on_ctrl_c`](crate::Fit::stop_on_ctrl_c): checkpoints are written and backups
    /// kept, since training may go on later. Also one that waits for a batch. Where none runs, it
    /// does nothing.
    pub fn stop(&self) {
        self.0.fetch_max(INTERRUPTED, Ordering::Relaxed);
    }
}

/// Whether a value is better the smaller or the larger it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// The smaller, as a loss.
    Down,
    /// The larger, as an accuracy.
    Up,
}

impl<M: Functional> Trainer<M> {
    /// Ends the running `fit`, from a [callback](crate::callbacks): after the batch that runs, if
    /// one does, the epoch ends as others do, and `fit` returns. Keras's
    /// `model.stop_training = True`.
    pub fn stop_training(&self) {
        self.core.running.stop.fetch_max(STOPPED, Ordering::Relaxed);
    }

    /// What ends the running `fit` from another thread, such as that of a window with a button.
    pub fn stopper(&self) -> Stopper {
        Stopper(Arc::clone(&self.core.running.stop))
    }

    /// Whether the `fit` that runs, or the last one, ended before its time: by
    /// [`Trainer::stop_training`], a [`Stopper`] or Ctrl-C.
    pub fn is_stopped(&self) -> bool {
        self.core.running.stops()
    }

    /// Whether Ctrl-C or a [`Stopper`] has ended the `fit` that runs, or the last one; see
    /// [`Fit::stop_on_ctrl_c`](crate::Fit::stop_on_ctrl_c).
    pub fn is_interrupted(&self) -> bool {
        self.core.running.stop.load(Ordering::Relaxed) == INTERRUPTED
    }

    /// The epoch in which `fit` stands, counted from 0.
    ///
    /// ```
    /// use model_runtime::prelude::*;
    /// let net = model! { x = Input(1); Dense(1)(x) };
    /// let mut trainer = net.compile("sgd", "mse")?;
    /// let (x, y) = (ndarray::array![[1.0]], ndarray::array![[2.0]]);
    /// let third = LambdaCallback::new().on_train_batch_end(|trainer, _, _| {
    ///     if trainer.epoch() == 2 {
    ///         trainer.stop_training();
    ///     }
    ///     Ok(())
    /// });
    /// let history = trainer.fit(&x, &y, Fit::epochs(9).callback(third).verbose(0))?;
    /// assert_eq!(history["loss"].len(), 3);
    /// assert!(trainer.is_stopped() && !trainer.is_interrupted()); // not by Ctrl-C
    /// # Ok::<(), Error>(())
    /// ```
    pub fn epoch(&self) -> usize {
        self.core.position.at.epoch
    }

    /// [`Trainer::save_state`], but in a [callback](crate::callbacks) of `fit` when all callbacks
    /// have been called, so that the file has what each of them counts and has changed; else at
    /// once. See [`CallbackState`](crate::callbacks::CallbackState) for an example.
    ///
    /// # Errors
    /// As [`Trainer::save_state`]; in `fit`, it is `fit` that returns them.
    pub fn save_state_later(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        let running = &self.core.running;
        if !running.is_running.load(Ordering::Relaxed) {
            return self.save_state(path);
        }
        let path = path.as_ref().to_owned();
        running.saves.lock().unwrap_or_else(PoisonError::into_inner).push(path);
        Ok(())
    }

    /// Prints a line, above the bar that `fit` may be showing.
    pub fn print(&self, line: impl Into<String>) {
        let (line, running) = (line.into(), &self.core.running);
        let is_kept = running.printing.load(Ordering::Relaxed) > 0;
        if is_kept || running.is_running.load(Ordering::Relaxed) {
            running.say(line);
        } else {
            crate::progress::print(&line);
        }
    }

    /// Whether the running `fit` validates.
    pub(crate) fn validates(&self) -> bool {
        self.core.running.validates
    }

    /// In which direction a value of the logs gets better, if that is known.
    pub(crate) fn direction_of(&self, name: &str) -> Option<Direction> {
        let name = name.strip_prefix("val_").unwrap_or(name);
        let is_loss = name == "loss"
            || self.core.terms.iter().any(|term| term == name)
            || self.core.outputs.len() > 1
                && self.core.outputs.iter().any(|output| format!("{}_loss", output.name) == name);
        if is_loss {
            return Some(Direction::Down);
        }
        let metrics = self.core.outputs.iter().flat_map(|output| &output.metrics);
        let of_name = |metric: &str| name == metric || name.starts_with(&format!("{metric}["));
        metrics.into_iter().find(|m| of_name(&m.name)).and_then(|m| m.metric.direction())
    }

    /// How many optimizers there are.
    pub(crate) fn optimizers(&self) -> usize {
        self.core.updater.parts()
    }

    /// The learning rate of an optimizer.
    pub(crate) fn rate(&self, place: usize) -> Float {
        self.core.updater.learning_rate(place)
    }

    pub(crate) fn set_rate(&mut self, place: usize, rate: Float) -> Result<(), Error> {
        self.core.updater.set_learning_rate(place, rate)
    }

    /// Refuses optimizers whose learning rate follows a schedule.
    pub(crate) fn check_rates(&self) -> Result<(), Error> {
        self.core.updater.check_rates()
    }

    /// How many batches of the epoch have been trained on.
    pub(crate) fn batches_of_epoch(&self) -> usize {
        self.core.position.at.batch
    }

    /// How many steps have been taken, in all that the trainer has trained or loaded.
    pub(crate) fn steps(&self) -> u64 {
        self.core.step
    }

    /// The learning rates by their names in logs, as in Keras: `learning_rate`, or, of several
    /// optimizers, `learning_rate_adam`; with a number where a name is taken.
    pub(crate) fn rates(&self) -> Vec<(String, Float)> {
        if self.optimizers() == 1 {
            return vec![("learning_rate".to_owned(), self.rate(0))];
        }
        let mut rates: Vec<(String, Float)> = Vec::new();
        for place in 0..self.optimizers() {
            let optimizer = self.core.updater.optimizers.get(place).name();
            let name = format!("learning_rate_{optimizer}");
            let taken = rates.iter().filter(|(known, _)| known.starts_with(&name)).count();
            let name = if taken == 0 { name } else { format!("{name}_{taken}") };
            rates.push((name, self.rate(place)));
        }
        rates
    }
}
