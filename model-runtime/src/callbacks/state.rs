//! What callbacks count, as the state of a training has it.

use super::Callback;
use crate::tensor::Tensor;
use crate::{Error, Float, Functional, Model, Trainer};

/// What a callback counts from one epoch to the next: numbers by their names.
/// [`Trainer::save_state`] keeps it, so that a training that goes on is what it would have been.
///
/// ```
/// use model_runtime::prelude::*;
/// use model_runtime::callbacks::CallbackState;
/// # let x = ndarray::Array2::<f32>::ones((4, 2));
/// # let y = ndarray::Array2::<f32>::ones((4, 1));
///
/// /// Ends training after some epochs, also where they run in several programs, and saves each.
/// struct Most(usize, std::path::PathBuf);
///
/// impl<M: Functional> Callback<M> for Most {
///     fn on_epoch_end(
///         &mut self,
///         trainer: &mut Trainer<M>,
///         _: usize,
///         _: &mut Logs,
///     ) -> Result<(), Error> {
///         self.0 -= 1;
///         if self.0 == 0 {
///             trainer.stop_training();
///         }
///         trainer.save_state_later(&self.1)
///     }
///
///     fn state(&self) -> Option<CallbackState> {
///         Some(CallbackState::new("most").with("epochs", self.0 as Float))
///     }
///
///     fn set_state(&mut self, _: &Trainer<M>, state: &CallbackState) -> Result<(), Error> {
///         self.0 = state.get("epochs").map_or(self.0, |epochs| epochs as usize);
///         Ok(())
///     }
/// }
///
/// let path = std::env::temp_dir().join("doc-most.safetensors");
/// let trainer = || model! { x = Input(2); Dense(1)(x) }.compile("adam", "mse");
/// let options = |epochs| Fit::epochs(epochs).callback(Most(5, path.clone())).verbose(0);
/// assert_eq!(trainer()?.fit(&x, &y, options(2))?.epochs, [0, 1]);
/// let mut resumed = trainer()?;
/// resumed.load_state(&path)?;
/// assert_eq!(resumed.fit(&x, &y, options(9).resume(true))?.epochs, [2, 3, 4]);
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct CallbackState {
    kind: String,
    values: Vec<(String, Tensor)>,
}

impl CallbackState {
    /// Of a callback of this kind. Of several of one kind, the first has the first state of it.
    pub fn new(kind: impl Into<String>) -> CallbackState {
        CallbackState { kind: kind.into().replace('/', "."), values: Vec::new() }
    }

    /// And this number.
    pub fn with(self, name: impl Into<String>, value: Float) -> CallbackState {
        self.with_tensor(name.into(), Tensor::scalar(value))
    }

    /// The number of this name, if there is one.
    pub fn get(&self, name: &str) -> Option<Float> {
        self.tensor(name)?.data().first().copied()
    }

    pub(crate) fn with_tensor(mut self, name: String, tensor: Tensor) -> CallbackState {
        self.values.retain(|(known, _)| *known != name);
        self.values.push((name, tensor));
        self
    }

    pub(crate) fn tensor(&self, name: &str) -> Option<&Tensor> {
        self.values.iter().find(|(known, _)| known == name).map(|(_, tensor)| tensor)
    }

    pub(crate) fn kind(&self) -> &str {
        &self.kind
    }

    pub(crate) fn values(&self) -> &[(String, Tensor)] {
        &self.values
    }

    pub(super) fn with_some(self, name: &str, value: Option<Float>) -> CallbackState {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// A number of epochs or batches, from 0 to what can be added to.
    pub(super) fn count(&self, name: &str) -> usize {
        self.get(name).map_or(0, |count| count as u32 as usize)
    }

    /// The tensors of all that a model stores, under their paths behind `weights/`.
    pub(super) fn with_weights(self, weights: &crate::weights::Snapshot) -> CallbackState {
        weights.named().fold(self, |state, (path, tensor)| {
            state.with_tensor(format!("{WEIGHTS}{path}"), tensor.clone())
        })
    }

    /// The weights of a model, if they are there.
    pub(super) fn weights(
        &self,
        model: &(impl Model + ?Sized),
    ) -> Result<Option<crate::weights::Snapshot>, Error> {
        if !self.values.iter().any(|(name, _)| name.starts_with(WEIGHTS)) {
            return Ok(None);
        }
        let named = |path: &str| self.tensor(&format!("{WEIGHTS}{path}")).cloned();
        crate::weights::Snapshot::from_named(model, named).map(Some).ok_or_else(|| {
            Error::callback(format!(
                "the weights that `{}` has kept are of another model",
                self.kind
            ))
        })
    }
}

const WEIGHTS: &str = "weights/";

/// What all of them count now.
pub(crate) fn states<M: Functional>(callbacks: &super::Callbacks<'_, M>) -> Vec<CallbackState> {
    callbacks.0.iter().filter_map(|callback| callback.state()).collect()
}

/// Gives each of them the state of its kind: the first the first one, and so on.
pub(crate) fn set_states<M: Functional>(
    callbacks: &mut super::Callbacks<'_, M>,
    trainer: &Trainer<M>,
    mut states: Vec<CallbackState>,
) -> Result<(), Error> {
    for callback in &mut callbacks.0 {
        let Some(own) = callback.state() else { continue };
        if let Some(place) = states.iter().position(|state| state.kind == own.kind) {
            callback.set_state(trainer, &states.remove(place))?;
        }
    }
    Ok(())
}
