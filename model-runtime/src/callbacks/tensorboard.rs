use std::io;
use std::path::PathBuf;
use std::time::Instant;

use super::events::Events;
use super::{Callback, Frequency};
use crate::{Error, Float, Functional, Logs, Trainer, weights};

/// Writes files for [TensorBoard](https://www.tensorflow.org/tensorboard): `tensorboard --logdir
/// logs` shows them; [Keras's `TensorBoard`](https://keras.io/api/callbacks/tensorboard/).
///
/// In the folders `train` and `validation`, by epoch: `epoch_loss` and all that is in the logs, and
/// `epoch_learning_rate`; with [`TensorBoard::update_freq`], by step, counted on after
/// [`Fit::resume`](crate::Fit::resume): `batch_loss` and so on; with
/// [`TensorBoard::histogram_freq`], the weights by their paths. Graphs, images, embeddings and
/// profiles are not written.
///
/// ```
/// use model_runtime::prelude::*;
/// let net = model! { x = Input(2); Dense(1)(x) };
/// let mut trainer = net.compile("adam", "mse")?;
/// let (x, y) = (ndarray::array![[1.0, 2.0]], ndarray::array![[3.0]]);
/// let board = TensorBoard::new(std::env::temp_dir().join("logs")).histogram_freq(1);
/// trainer.fit(&x, &y, Fit::epochs(3).callback(board).verbose(0))?;
/// # Ok::<(), Error>(())
/// ```
///
/// By batch as well:
///
/// ```
/// use model_runtime::prelude::*;
/// let net = model! { x = Input(2); Dense(1)(x) };
/// let mut trainer = net.compile("adam", "mse")?;
/// let (x, y) = (ndarray::array![[1.0, 2.0]], ndarray::array![[3.0]]);
/// let folder = std::env::temp_dir().join("logs_of_batches");
/// # _ = std::fs::remove_dir_all(&folder);
/// let board = TensorBoard::new(&folder).update_freq(1).write_steps_per_second(true);
/// trainer.fit(&x, &y, Fit::epochs(3).callback(board).verbose(0))?;
/// let files = std::fs::read_dir(folder.join("train")).expect("the folder has been made");
/// let file = files.flatten().next().expect("a file").path();
/// let bytes = std::fs::read(file).expect("the file has been written");
/// let text = String::from_utf8_lossy(&bytes);
/// assert!(text.contains("batch_loss") && text.contains("epoch_steps_per_second"));
/// # Ok::<(), Error>(())
/// ```
///
/// # Errors
/// [`Error::File`].
pub struct TensorBoard {
    folder: PathBuf,
    histogram_freq: usize,
    write_steps_per_second: bool,
    update_freq: Frequency,
    train: Option<Events>,
    validation: Option<Events>,
    since_update: usize,
    /// When the epoch began, and after how many steps.
    began: Option<(Instant, u64)>,
}

impl Default for TensorBoard {
    /// Into the folder `logs`.
    fn default() -> TensorBoard {
        TensorBoard::new("logs")
    }
}

impl TensorBoard {
    /// Into this folder, by epoch.
    pub fn new(log_dir: impl Into<PathBuf>) -> TensorBoard {
        TensorBoard {
            folder: log_dir.into(),
            histogram_freq: 0,
            write_steps_per_second: false,
            update_freq: Frequency::Epoch,
            train: None,
            validation: None,
            since_update: 0,
            began: None,
        }
    }

    /// After how many epochs histograms of the weights are written; never by default.
    pub fn histogram_freq(mut self, epochs: usize) -> TensorBoard {
        self.histogram_freq = epochs;
        self
    }

    /// Whether the number of steps in a second is written; no by default.
    pub fn write_steps_per_second(mut self, write_steps_per_second: bool) -> TensorBoard {
        self.write_steps_per_second = write_steps_per_second;
        self
    }

    /// After how many batches the logs of the epoch so far are written, besides those of each
    /// epoch; never by default.
    pub fn update_freq(mut self, batches: usize) -> TensorBoard {
        self.update_freq = Frequency::Batches(batches);
        self
    }

    /// Writes into the file of a part, which is made when there is something to be written.
    fn write(
        &mut self,
        part: &'static str,
        write: impl FnOnce(&mut Events) -> io::Result<()>,
    ) -> Result<(), Error> {
        let folder = self.folder.join(part);
        let file = if part == TRAIN { &mut self.train } else { &mut self.validation };
        let write = || {
            let file = match file {
                Some(file) => file,
                None => file.insert(Events::new(&folder)?),
            };
            write(file)?;
            file.flush()
        };
        write().map_err(|why| weights::file::refused(&folder, "write", why))
    }
}

const TRAIN: &str = "train";
const VALIDATION: &str = "validation";

fn scalars(
    events: &mut Events,
    prefix: &str,
    values: &[(String, Float)],
    step: u64,
) -> io::Result<()> {
    values
        .iter()
        .try_for_each(|(name, value)| events.scalar(&format!("{prefix}_{name}"), *value, step))
}

impl<M: Functional> Callback<M> for TensorBoard {
    fn on_train_begin(&mut self, _: &mut Trainer<M>) -> Result<(), Error> {
        self.update_freq.check("update_freq")?;
        (self.train, self.validation) = (None, None);
        self.since_update = 0;
        Ok(())
    }

    fn on_epoch_begin(&mut self, trainer: &mut Trainer<M>, _: usize) -> Result<(), Error> {
        self.began = Some((Instant::now(), trainer.steps()));
        Ok(())
    }

    fn on_train_batch_end(
        &mut self,
        trainer: &mut Trainer<M>,
        _: usize,
        logs: &Logs,
    ) -> Result<(), Error> {
        if !self.update_freq.is_due(&mut self.since_update) {
            return Ok(());
        }
        let values: Vec<_> = logs.iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let step = trainer.steps();
        self.write(TRAIN, |events| scalars(events, "batch", &values, step))
    }

    fn on_epoch_end(
        &mut self,
        trainer: &mut Trainer<M>,
        epoch: usize,
        logs: &mut Logs,
    ) -> Result<(), Error> {
        let mut training = Vec::new();
        let mut validation = Vec::new();
        for (name, value) in logs.iter() {
            match name.strip_prefix("val_") {
                Some(name) => validation.push((name.to_owned(), value)),
                None => training.push((name.to_owned(), value)),
            }
        }
        let rates = trainer.rates().into_iter();
        training.extend(rates.filter(|(name, _)| logs.get(name).is_none()));
        if let (Some((began, before)), true) = (self.began, self.write_steps_per_second) {
            let steps = trainer.steps().saturating_sub(before) as f64;
            let speed = steps / began.elapsed().as_secs_f64().max(1e-9);
            training.push(("steps_per_second".to_owned(), speed as Float));
        }
        let step = epoch as u64;
        self.write(TRAIN, |events| scalars(events, "epoch", &training, step))?;
        if !validation.is_empty() {
            self.write(VALIDATION, |events| scalars(events, "epoch", &validation, step))?;
        }
        if self.histogram_freq > 0 && epoch.is_multiple_of(self.histogram_freq) {
            let weights = trainer.model().parameters();
            self.write(TRAIN, |events| {
                weights.iter().try_for_each(|(path, weight)| {
                    let tag = format!("{path}/histogram");
                    events.histogram(&tag, weight.tensor().data(), step)
                })
            })?;
        }
        Ok(())
    }

    fn on_train_end(&mut self, _: &mut Trainer<M>, _: &Logs) -> Result<(), Error> {
        (self.train, self.validation) = (None, None);
        Ok(())
    }
}
