//! What callbacks ask of a running `fit`, and tell it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::Trainer;
use crate::{Error, Float, Functional};

/// A running `fit`; between two, what the last one was.
#[derive(Default)]
pub(super) struct Run {
    is_running: Arc<AtomicBool>,
    validates: bool,
    stops: bool,
    is_interrupted: bool,
    /// Lines to be printed.
    lines: Vec<String>,
}

impl Run {
    pub fn begin(&mut self, validates: bool) {
        (self.validates, self.stops, self.is_interrupted) = (validates, false, false);
    }

    /// Says that training does not change these weights, if there are any.
    pub fn warn_of_idle(&mut self, paths: &[&str]) {
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
        self.lines.push(format!(
            "Warning: the loss does not depend on {}{others}, which training does not change\n  \
             help: give the output they lead to a loss, or freeze them",
            named.join(", ")
        ));
    }

    /// The lines to be printed now.
    pub fn take_lines(&mut self) -> Vec<String> {
        std::mem::take(&mut self.lines)
    }

    /// Whether training ends.
    pub fn stops(&self) -> bool {
        self.stops
    }

    /// Ctrl-C ends training.
    pub fn interrupt(&mut self) {
        (self.stops, self.is_interrupted) = (true, true);
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
    pub fn stop_training(&mut self) {
        self.core.running.stops = true;
    }

    /// Whether the `fit` that runs, or the last one, ended before its time: by
    /// [`Trainer::stop_training`] or Ctrl-C.
    pub fn is_stopped(&self) -> bool {
        self.core.running.stops
    }

    /// Whether Ctrl-C has ended the `fit` that runs, or the last one; see
    /// [`Fit::stop_on_ctrl_c`](crate::Fit::stop_on_ctrl_c).
    pub fn is_interrupted(&self) -> bool {
        self.core.running.is_interrupted
    }

    /// The epoch in which `fit` stands, counted from 0.
    pub fn epoch(&self) -> usize {
        self.core.position.at.epoch
    }

    /// Prints a line, above the bar that `fit` may be showing.
    pub fn print(&mut self, line: impl Into<String>) {
        let line = line.into();
        if self.core.running.is_running.load(Ordering::Relaxed) {
            self.core.running.lines.push(line);
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
