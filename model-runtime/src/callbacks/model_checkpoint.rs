use std::fs;
use std::path::{Path, PathBuf};

use super::monitor::{Monitor, shown};
use super::{Callback, CallbackState, Frequency, Mode};
use crate::{Error, Float, Functional, Logs, Trainer, names, weights};

/// Saves the whole state of the training, or the weights alone, at the end of each epoch or after
/// so many batches; [Keras's
/// `ModelCheckpoint`](https://keras.io/api/callbacks/model_checkpoint/).
///
/// The path may have names in braces: `{epoch}`, counted from 1, `{batch}`, counted from 1 as well,
/// and what is in the logs: `{epoch:02}-{val_loss:.2}.safetensors`. A number behind the colon is
/// the least width, with zeros in front; one behind a point says how many digits follow the point.
/// Python's `{epoch:02d}` and `{val_loss:.2f}` are the same. Folders are made. A file that is
/// overwritten is there as a whole, old or new, whatever happens. The state of the training is
/// written when all callbacks have been called.
///
/// ```
/// use model_runtime::prelude::*;
/// let net = model! { x = Input(2); Dense(1)(x) };
/// let mut trainer = net.compile("adam", "mse")?;
/// let (x, y) = (ndarray::array![[1.0, 2.0]], ndarray::array![[3.0]]);
/// let folder = std::env::temp_dir().join("checkpoints");
/// let checkpoint = ModelCheckpoint::new(folder.join("{epoch:02}.safetensors"))
///     .monitor("loss")
///     .save_best_only(true)
///     .save_weights_only(true);
/// trainer.fit(&x, &y, Fit::epochs(2).callback(checkpoint).verbose(0))?;
/// trainer.model().load_weights(folder.join("02.safetensors"))?;
/// # Ok::<(), Error>(())
/// ```
///
/// After every other batch, where the loss is below a number and better than ever:
///
/// ```
/// use model_runtime::prelude::*;
/// use model_runtime::callbacks::Mode;
/// use ndarray::Array2;
/// let net = model! { x = Input(2); Dense(1)(x) };
/// let mut trainer = net.compile(SGD::new(1e-3), "mse")?;
/// let (x, y) = (Array2::<f32>::ones((4, 2)), Array2::<f32>::zeros((4, 1)));
/// let folder = std::env::temp_dir().join("checkpoints_of_batches");
/// # _ = std::fs::remove_dir_all(&folder);
/// let checkpoint = ModelCheckpoint::new(folder.join("{batch}.safetensors"))
///     .save_freq(2)
///     .monitor("loss")
///     .mode(Mode::Min)
///     .save_best_only(true)
///     .initial_value_threshold(1e9);
/// trainer.fit(&x, &y, Fit::epochs(1).batch_size(1).callback(checkpoint).verbose(0))?;
/// let is_there = [1, 2, 3, 4].map(|batch| folder.join(format!("{batch}.safetensors")).exists());
/// assert_eq!(is_there, [false, true, false, true]);
/// # Ok::<(), Error>(())
/// ```
///
/// # Errors
/// [`Error::File`]; [`Error::UnknownName`] for a name in the path, or to monitor, that is not in
/// the logs; [`Error::Option`] for a path that cannot be read, and as
/// [`EarlyStopping`](super::EarlyStopping).
pub struct ModelCheckpoint {
    path: PathBuf,
    monitor: Monitor,
    save_best_only: bool,
    save_weights_only: bool,
    frequency: Frequency,
    initial_value_threshold: Option<Float>,
    verbose: bool,
    best: Option<Float>,
    /// Those since the last time that was due.
    batches: usize,
    /// The last one of these, with its epoch.
    last: (usize, usize),
}

impl ModelCheckpoint {
    /// Into this path, at the end of each epoch.
    pub fn new(filepath: impl Into<PathBuf>) -> ModelCheckpoint {
        ModelCheckpoint {
            path: filepath.into(),
            monitor: Monitor::new(0.0),
            save_best_only: false,
            save_weights_only: false,
            frequency: Frequency::Epoch,
            initial_value_threshold: None,
            verbose: false,
            best: None,
            batches: 0,
            last: (0, 0),
        }
    }

    /// The value that says which model is the best; `val_loss` by default.
    pub fn monitor(mut self, monitor: impl Into<String>) -> ModelCheckpoint {
        self.monitor.name = monitor.into();
        self
    }

    /// In which direction it gets better; as its name says by default.
    pub fn mode(mut self, mode: Mode) -> ModelCheckpoint {
        self.monitor.mode = mode;
        self
    }

    /// Whether it saves only when the value is better than ever; no by default.
    pub fn save_best_only(mut self, save_best_only: bool) -> ModelCheckpoint {
        self.save_best_only = save_best_only;
        self
    }

    /// Whether it saves the weights alone, as
    /// [`Model::save_weights`](crate::Model::save_weights), and not the whole state of the
    /// training, as [`Trainer::save_state`]; no by default.
    pub fn save_weights_only(mut self, save_weights_only: bool) -> ModelCheckpoint {
        self.save_weights_only = save_weights_only;
        self
    }

    /// Saves after so many batches, and not at the end of each epoch; and, if not only the best is
    /// saved, what has been trained when Ctrl-C or a [`Stopper`](crate::Stopper) ends training. The
    /// logs are then those of the epoch so far, without a validation.
    pub fn save_freq(mut self, batches: usize) -> ModelCheckpoint {
        self.frequency = Frequency::Batches(batches);
        self
    }

    /// What the first value must be better than to be saved; none by default.
    pub fn initial_value_threshold(mut self, threshold: Float) -> ModelCheckpoint {
        self.initial_value_threshold = Some(threshold);
        self
    }

    /// Whether it says what it does; no by default.
    pub fn verbose(mut self, verbose: bool) -> ModelCheckpoint {
        self.verbose = verbose;
        self
    }

    fn save<M: Functional>(
        &mut self,
        trainer: &mut Trainer<M>,
        epoch: usize,
        batch: Option<usize>,
        logs: &Logs,
    ) -> Result<(), Error> {
        let says = |what: String| format!("Epoch {}: {what}", epoch + 1);
        if self.save_best_only {
            let Some((value, direction)) = self.monitor.value(trainer, logs)? else {
                return Ok(());
            };
            let (name, before) = (&self.monitor.name, shown(self.best));
            if !self.monitor.is_better(value, self.best, direction) {
                if self.verbose {
                    trainer.print(says(format!("{name} did not improve from {before}")));
                }
                return Ok(());
            }
            if self.verbose {
                let now = shown(Some(value));
                trainer.print(says(format!("{name} improved from {before} to {now}")));
            }
            self.best = Some(value);
        }
        let path = filled(&self.path, epoch, batch, logs)?;
        make_folder(&path)?;
        if self.save_weights_only {
            trainer.model().save_weights(&path)?;
        } else {
            trainer.save_state_later(&path)?;
        }
        if self.verbose {
            trainer.print(says(format!("saved to {}", path.display())));
        }
        Ok(())
    }

    /// Saves what no number of batches has saved, if training is interrupted.
    fn save_rest<M: Functional>(
        &mut self,
        trainer: &mut Trainer<M>,
        logs: &Logs,
    ) -> Result<(), Error> {
        let by_batches = self.frequency != Frequency::Epoch && !self.save_best_only;
        if by_batches && trainer.is_interrupted() && self.batches > 0 {
            self.batches = 0;
            let (epoch, batch) = self.last;
            self.save(trainer, epoch, Some(batch), logs)?;
        }
        Ok(())
    }
}

impl<M: Functional> Callback<M> for ModelCheckpoint {
    fn on_train_begin(&mut self, _: &mut Trainer<M>) -> Result<(), Error> {
        self.frequency.check("save_freq")?;
        (self.best, self.batches) = (self.initial_value_threshold, 0);
        Ok(())
    }

    fn on_epoch_end(
        &mut self,
        trainer: &mut Trainer<M>,
        epoch: usize,
        logs: &mut Logs,
    ) -> Result<(), Error> {
        match self.frequency {
            Frequency::Epoch => self.save(trainer, epoch, None, logs),
            Frequency::Batches(_) => self.save_rest(trainer, logs),
        }
    }

    fn on_train_end(&mut self, trainer: &mut Trainer<M>, logs: &Logs) -> Result<(), Error> {
        // After the end of an epoch and before the first batch of the next one.
        self.save_rest(trainer, logs)
    }

    fn on_train_batch_end(
        &mut self,
        trainer: &mut Trainer<M>,
        batch: usize,
        logs: &Logs,
    ) -> Result<(), Error> {
        let epoch = trainer.epoch();
        self.last = (epoch, batch);
        if self.frequency.is_due(&mut self.batches) {
            self.save(trainer, epoch, Some(batch), logs)?;
        }
        Ok(())
    }

    fn state(&self) -> Option<CallbackState> {
        let state = CallbackState::new("model_checkpoint").with_some("best", self.best);
        Some(state.with("batches", self.batches as Float))
    }

    fn set_state(&mut self, _: &Trainer<M>, state: &CallbackState) -> Result<(), Error> {
        // What has been given for this run counts where nothing has been measured.
        self.best = state.get("best").or(self.best);
        self.batches = state.count("batches");
        Ok(())
    }
}

/// Makes the folder of a file.
pub fn make_folder(path: &Path) -> Result<(), Error> {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => fs::create_dir_all(folder)
            .map_err(|why| weights::file::refused(folder, "make the folder", why)),
        _ => Ok(()),
    }
}

/// The path with numbers in the place of names in braces.
fn filled(path: &Path, epoch: usize, batch: Option<usize>, logs: &Logs) -> Result<PathBuf, Error> {
    let Some(text) = path.to_str() else { return Ok(path.to_owned()) };
    let wrong = || Error::Option {
        name: "filepath",
        value: format!("`{text}`"),
        expected: "a path with names in braces as in `{epoch:02}-{val_loss:.2}.safetensors`",
    };
    let (mut filled, mut rest) = (String::new(), text);
    while let Some((before, behind)) = rest.split_once('{') {
        let (inside, after) = behind.split_once('}').ok_or_else(wrong)?;
        let (name, format) = inside.split_once(':').unwrap_or((inside, ""));
        let number = match (name, batch) {
            ("epoch", _) => Number::Whole(epoch + 1),
            ("batch", Some(batch)) => Number::Whole(batch + 1),
            _ => match logs.get(name) {
                Some(value) => Number::Real(value),
                None => {
                    let own = ["epoch"].into_iter().chain(batch.map(|_| "batch"));
                    let known = own.chain(logs.iter().map(|(name, _)| name));
                    return Err(names::unknown("value for the path", name, known));
                }
            },
        };
        filled += before;
        filled += &number.formatted(format).ok_or_else(wrong)?;
        rest = after;
    }
    Ok(PathBuf::from(filled + rest))
}

enum Number {
    Whole(usize),
    Real(Float),
}

impl Number {
    /// By a format of a width and a precision, each of which may be missing.
    fn formatted(&self, format: &str) -> Option<String> {
        let format = format.trim_end_matches(['d', 'f']);
        let (width, precision) = match format.split_once('.') {
            Some((width, precision)) => (width, Some(precision.parse::<usize>().ok()?)),
            None => (format, None),
        };
        let width = if width.is_empty() { 0 } else { width.parse::<usize>().ok()? };
        // More digits than a name of a file can have.
        if width.max(precision.unwrap_or(0)) > 99 {
            return None;
        }
        Some(match (self, precision) {
            (Number::Whole(number), None) => format!("{number:0width$}"),
            (Number::Whole(_), Some(_)) => return None,
            (Number::Real(number), None) => format!("{number:0width$}"),
            (Number::Real(number), Some(precision)) => format!("{number:0width$.precision$}"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str, batch: Option<usize>) -> Result<String, String> {
        let mut logs = Logs::default();
        logs.set("val_loss", 0.125);
        let path = filled(Path::new(text), 6, batch, &logs);
        path.map(|path| path.to_str().unwrap().to_owned()).map_err(|error| error.to_string())
    }

    #[test]
    fn names_in_braces_become_numbers() {
        for (text, expected) in [
            ("a/net.safetensors", "a/net.safetensors"),
            ("{epoch}", "7"),
            ("{epoch:02}-{val_loss:.2}", "07-0.12"),
            ("{epoch:03d}-{val_loss:.1f}.x", "007-0.1.x"),
            ("{val_loss}", "0.125"),
            ("{val_loss:08.4}", "000.1250"),
        ] {
            assert_eq!(path(text, None).as_deref(), Ok(expected));
        }
        assert_eq!(path("{epoch}.{batch:4}", Some(1)).as_deref(), Ok("7.0002"));
    }

    #[test]
    fn what_cannot_be_filled_in_is_told() {
        let text = path("{val_los}", None).unwrap_err();
        assert_eq!(
            text,
            "there is no value for the path `val_los`\n  help: did you mean `val_loss`?"
        );
        let text = path("{batch}", None).unwrap_err();
        assert!(text.contains("there are `epoch`, `val_loss`"), "{text}");
        for wrong in ["{epoch", "{epoch:x}", "{epoch:.2}", "{epoch:100}", "{val_loss:.999}", "{:}"]
        {
            assert!(path(wrong, None).is_err(), "{wrong}");
        }
    }
}
