//! Who watches an evaluation or prediction.

use crate::callbacks::{Callback, Callbacks};
use crate::progress::Progress;
use crate::{Error, Functional, Logs, Trainer};

/// The callbacks and the progress of an evaluation or prediction.
pub(super) struct Watch<'w, 'a, M> {
    pub callbacks: &'w mut Callbacks<'a, M>,
    pub progress: &'w mut Progress,
    /// Whether the progress is that of these batches.
    pub shows: bool,
}

impl<M: Functional> Watch<'_, '_, M> {
    /// Whether there are callbacks.
    pub fn is_watched(&self) -> bool {
        !self.callbacks.0.is_empty()
    }

    /// Calls all callbacks, and prints what they have to say.
    pub fn call(
        &mut self,
        trainer: &Trainer<M>,
        hook: &mut dyn FnMut(&mut dyn Callback<M>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let result = self.callbacks.0.iter_mut().try_for_each(|it| hook(it.as_mut()));
        self.progress.print(&trainer.core.running.take_lines());
        result
    }

    /// A batch is done.
    pub fn batch(&mut self, samples: usize, logs: &dyn Fn() -> Logs) {
        if self.shows {
            self.progress.batch(samples, logs);
        }
    }
}
