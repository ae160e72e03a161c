use std::fs;
use std::path::PathBuf;

use super::model_checkpoint::make_folder;
use super::{Callback, Frequency};
use crate::{Error, Functional, Logs, Trainer, weights};

/// Saves the whole state of the training as it goes, and goes on from there when the program is
/// started again after it was killed; [Keras's
/// `BackupAndRestore`](https://keras.io/api/callbacks/backup_and_restore/).
///
/// What is trained is bit for bit what it would have been without the interruption, also in the
/// middle of an epoch; data and options must be the same. Other callbacks count on, wherever they
/// are in the list: the best value, its weights, how long nothing has got better. See
/// [`Trainer::save_state`] for what the file holds, and [`CallbackState`](super::CallbackState) for
/// callbacks of one's own.
///
/// ```
/// use model_runtime::prelude::*;
/// let net = model! { x = Input(2); Dense(1)(x) };
/// let mut trainer = net.compile("adam", "mse")?;
/// let (x, y) = (ndarray::array![[1.0, 2.0]], ndarray::array![[3.0]]);
/// let backup = BackupAndRestore::new(std::env::temp_dir().join("backup"));
/// // Begins where the last run of this program was killed.
/// trainer.fit(&x, &y, Fit::epochs(5).callback(backup).verbose(0))?;
/// # Ok::<(), Error>(())
/// ```
///
/// After each batch as well, and kept at the end, so that a run with more epochs goes on:
///
/// ```
/// use model_runtime::prelude::*;
/// let folder = std::env::temp_dir().join("backup_that_stays");
/// # _ = std::fs::remove_dir_all(&folder);
/// let (x, y) = (ndarray::array![[1.0, 2.0]], ndarray::array![[3.0]]);
/// let run = |epochs| {
///     let net = model! { x = Input(2); Dense(1)(x) };
///     let backup = BackupAndRestore::new(&folder).save_freq(1).delete_checkpoint(false);
///     net.compile("adam", "mse")?.fit(&x, &y, Fit::epochs(epochs).callback(backup).verbose(0))
/// };
/// assert_eq!(run(2)?["loss"].len(), 2);
/// assert_eq!(run(5)?["loss"].len(), 3);
/// # Ok::<(), Error>(())
/// ```
///
/// # Errors
/// As [`Trainer::save_state`] and [`Trainer::load_state`].
pub struct BackupAndRestore {
    folder: PathBuf,
    frequency: Frequency,
    delete_checkpoint: bool,
    batches: usize,
}

/// The file in the folder.
const FILE: &str = "latest.safetensors";

impl BackupAndRestore {
    /// Into this folder, at the end of each epoch.
    pub fn new(backup_dir: impl Into<PathBuf>) -> BackupAndRestore {
        let (frequency, delete_checkpoint) = (Frequency::Epoch, true);
        BackupAndRestore { folder: backup_dir.into(), frequency, delete_checkpoint, batches: 0 }
    }

    /// Saves after so many batches as well.
    pub fn save_freq(mut self, batches: usize) -> BackupAndRestore {
        self.frequency = Frequency::Batches(batches);
        self
    }

    /// Whether the file is removed when training has ended, but not where Ctrl-C or a
    /// [`Stopper`](crate::Stopper) has ended it; yes by default.
    pub fn delete_checkpoint(mut self, delete_checkpoint: bool) -> BackupAndRestore {
        self.delete_checkpoint = delete_checkpoint;
        self
    }

    fn path(&self) -> PathBuf {
        self.folder.join(FILE)
    }

    /// Removes what saves that were killed have left beside the file.
    fn tidy(&self) {
        let Ok(names) = fs::read_dir(&self.folder) else { return };
        for entry in names.flatten() {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            if name.starts_with(&format!("{FILE}.")) && name.ends_with(".tmp") {
                let _ = fs::remove_file(entry.path());
            }
        }
    }

    fn save<M: Functional>(&self, trainer: &Trainer<M>) -> Result<(), Error> {
        make_folder(&self.path())?;
        trainer.save_state_later(self.path())
    }
}

impl<M: Functional> Callback<M> for BackupAndRestore {
    fn on_train_begin(&mut self, trainer: &mut Trainer<M>) -> Result<(), Error> {
        self.frequency.check("save_freq")?;
        self.batches = 0;
        self.tidy();
        let exists = self.path().try_exists();
        if exists.map_err(|why| weights::file::refused(&self.path(), "read", why))? {
            trainer.load_state(self.path())?;
        }
        Ok(())
    }

    fn on_epoch_end(
        &mut self,
        trainer: &mut Trainer<M>,
        _: usize,
        _: &mut Logs,
    ) -> Result<(), Error> {
        self.save(trainer)
    }

    fn on_train_batch_end(
        &mut self,
        trainer: &mut Trainer<M>,
        _: usize,
        _: &Logs,
    ) -> Result<(), Error> {
        if self.frequency.is_due(&mut self.batches) {
            self.save(trainer)?;
        }
        Ok(())
    }

    fn on_train_end(&mut self, trainer: &mut Trainer<M>, _: &Logs) -> Result<(), Error> {
        if self.delete_checkpoint && !trainer.is_interrupted() && self.path().exists() {
            let removed = fs::remove_file(self.path());
            removed.map_err(|why| weights::file::refused(&self.path(), "remove", why))?;
            // Unless others have put something there.
            let _ = fs::remove_dir(&self.folder);
        }
        Ok(())
    }
}
