//! Values of the logs that callbacks follow: Keras's `MonitorCallback`.

use crate::float::{Scalar, written};
use crate::metric::Direction;
use crate::{Error, Float, Functional, Logs, Trainer, names};

/// In which direction a monitored value gets better.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// As its name says: losses down, metrics as they are.
    #[default]
    Auto,
    /// Down.
    Min,
    /// Up.
    Max,
}

/// A value that is followed, and by how much it must get better.
#[derive(Clone, Debug)]
pub struct Monitor {
    pub name: String,
    pub mode: Mode,
    pub min_delta: f64,
}

impl Monitor {
    pub fn new(min_delta: f64) -> Monitor {
        Monitor { name: "val_loss".to_owned(), mode: Mode::Auto, min_delta }
    }

    /// Its value, and the direction in which it gets better; nothing in an epoch without a
    /// validation, if there are others.
    pub fn value<M: Functional>(
        &self,
        trainer: &Trainer<M>,
        logs: &Logs,
    ) -> Result<Option<(Float, Direction)>, Error> {
        let is_validation = |name: &str| name.starts_with("val_");
        let Some(value) = logs.get(&self.name) else {
            let later = is_validation(&self.name) && trainer.validates();
            if later && !logs.iter().any(|(name, _)| is_validation(name)) {
                return Ok(None);
            }
            let known = logs.iter().map(|(name, _)| name);
            return Err(names::unknown("value in the logs", &self.name, known));
        };
        let direction = match self.mode {
            Mode::Min => Some(Direction::Down),
            Mode::Max => Some(Direction::Up),
            Mode::Auto => trainer.direction_of(&self.name),
        };
        match direction {
            Some(direction) => Ok(Some((value, direction))),
            None => Err(Error::Option {
                name: "mode",
                value: format!("auto, with monitor `{}`", self.name),
                expected: "min or max for a value that may get better in either direction",
            }),
        }
    }

    /// Whether a value is better than another one, by `min_delta` at least; any number is better
    /// than nothing, and NaN is never better.
    pub fn is_better(&self, value: Float, than: Option<Float>, direction: Direction) -> bool {
        let (value, min_delta) = (value.as_f64(), self.min_delta.abs());
        match (than, direction) {
            (None, _) => !value.is_nan(),
            (Some(than), Direction::Down) => value + min_delta < than.as_f64(),
            (Some(than), Direction::Up) => value - min_delta > than.as_f64(),
        }
    }
}

/// `monitor`, `mode` and `min_delta` of a callback.
macro_rules! monitored {
    ($callback:ident, $min_delta:literal) => {
        impl $callback {
            /// The value that is followed, a name of the logs; `val_loss` by default.
            pub fn monitor(mut self, monitor: impl Into<String>) -> $callback {
                self.monitor.name = monitor.into();
                self
            }

            /// In which direction it gets better; as its name says by default.
            pub fn mode(mut self, mode: $crate::callbacks::Mode) -> $callback {
                self.monitor.mode = mode;
                self
            }

            #[doc = concat!("By how much a value must be better; ", $min_delta, " by default.")]
            pub fn min_delta(mut self, min_delta: $crate::Float) -> $callback {
                self.monitor.min_delta = $crate::float::written(min_delta);
                self
            }
        }
    };
}
pub(super) use monitored;

/// How a number is written in messages and paths: `0.25`.
pub fn shown(value: Option<Float>) -> String {
    value.map_or_else(|| "none".to_owned(), |value| format!("{:.5}", written(value)))
}
