//! Weights in files: [`Model::save_weights`] and [`Model::load_weights`]; parts of them, and
//! weights under other names, [`Model::load_weights_with`].
//!
//! A file is a [safetensors](https://github.com/huggingface/safetensors) file, which other programs
//! read as well. Each weight, and each variable such as a moving mean, is an array under its path,
//! such as `encoder.dense.kernel`, of the type F32, or F64 with the feature `f64`; a weight that is
//! shared is there once.

pub(crate) mod file;
pub(crate) mod format;
pub(crate) mod header;
mod load;
mod mismatch;
#[cfg(test)]
mod parts_tests;
#[cfg(test)]
mod tests;

use std::path::Path;

use self::format::Array;
pub use load::{Load, load_with};
pub use mismatch::Mismatch;
pub(crate) use mismatch::shown;

use crate::model::path::{self, Visit};
use crate::tensor::Tensor;
use crate::{Error, Layer, Model, Parameter, Variable};

/// Something of a model that a file holds under a name.
pub(crate) trait Stored: Send + Sync {
    fn tensor(&self) -> Tensor;

    fn replace(&self, tensor: Tensor);
}

macro_rules! stored {
    ($($type:ident)*) => {$(
        impl Stored for $type {
            fn tensor(&self) -> Tensor {
                $type::tensor(self)
            }

            fn replace(&self, tensor: Tensor) {
                $type::replace(self, tensor);
            }
        }
    )*};
}

stored! { Parameter Variable }

/// What of a model is stored, by its path.
pub(crate) type Entries = Vec<(String, Box<dyn Stored>)>;

/// Everything of a model that is stored.
pub(crate) fn entries(model: &(impl Layer + ?Sized)) -> Entries {
    all(&|visitor| model.visit(visitor))
}

fn all(visit: Visit<'_>) -> Entries {
    let mut entries = Entries::new();
    let (parameters, variables) = (path::parameters(visit), path::variables(visit));
    entries.extend(parameters.into_iter().map(|(path, it)| (path, Box::new(it) as _)));
    entries.extend(variables.into_iter().map(|(path, it)| (path, Box::new(it) as _)));
    entries
}

/// What begins the names of all that a file of a training's state holds besides weights.
pub(crate) const TRAINING: &str = "training/";

/// Everything of a model as a file holds it.
pub(crate) fn arrays(entries: &Entries) -> Vec<(String, Array)> {
    let array =
        |(path, it): &(String, Box<dyn Stored>)| (path.clone(), Array::Numbers(it.tensor()));
    entries.iter().map(array).collect()
}

/// [`Model::save_weights`], also for a `dyn Model`.
///
/// ```
/// use model_runtime::prelude::*;
/// use model_runtime::weights::{self, Load};
/// let path = std::env::temp_dir().join("any.safetensors");
/// let (net, other) = (model! { x = Input(2); Dense(1)(x) }, model! { x = Input(2); Dense(1)(x) });
/// let any: &dyn Model = &net;
/// other.dense.kernel.set(&ndarray::array![[1.0], [2.0]])?;
/// weights::save(&other, &path)?;
/// weights::load(any, &path)?;
/// assert_eq!(any.get_weights(), other.get_weights());
/// let mismatch = weights::load_with(any, &path, &Load::default().only("dense.bias"))?;
/// assert!(mismatch.is_empty());
/// # Ok::<(), Error>(())
/// ```
///
/// # Errors
/// [`Error::File`].
pub fn save(model: &(impl Model + ?Sized), path: impl AsRef<Path>) -> Result<(), Error> {
    let path = path.as_ref();
    let bytes = format::encode(&[], arrays(&entries(model)));
    file::write(path, &bytes.map_err(|why| file::error(path, "write", why))?)
}

/// [`Model::load_weights`], also for a `dyn Model`.
///
/// # Errors
/// [`Error::File`], [`Error::NotWeights`], [`Error::OtherWeights`]; then nothing has changed.
pub fn load(model: &(impl Model + ?Sized), path: impl AsRef<Path>) -> Result<(), Error> {
    load_with(model, path, &Load::default()).map(drop)
}

/// All numbers of a model as they were at one moment: its weights and its variables.
///
/// ```
/// use model_runtime::prelude::*;
/// use model_runtime::weights::Snapshot;
/// let net = model! { x = Input(2); Dense(1)(x) };
/// let before = Snapshot::of(&net);
/// let kernel = net.dense.kernel.get();
/// net.dense.kernel.set(&(&kernel * 2.0))?;
/// before.restore();
/// assert_eq!(net.dense.kernel.get(), kernel);
/// # Ok::<(), Error>(())
/// ```
pub struct Snapshot(Vec<(String, Box<dyn Stored>, Tensor)>);

impl Snapshot {
    /// Of this model, now. Numbers are copied when the model's change.
    pub fn of(model: &(impl Model + ?Sized)) -> Snapshot {
        let numbers = |(path, it): (String, Box<dyn Stored>)| {
            let tensor = it.tensor();
            (path, it, tensor)
        };
        Snapshot(entries(model).into_iter().map(numbers).collect())
    }

    /// Gives the model these numbers again.
    pub fn restore(&self) {
        self.0.iter().for_each(|(_, it, tensor)| it.replace(tensor.clone()));
    }

    /// The numbers by the paths of what has them.
    pub(crate) fn named(&self) -> impl Iterator<Item = (&str, &Tensor)> {
        self.0.iter().map(|(path, _, tensor)| (path.as_str(), tensor))
    }

    /// Numbers of before, if they are there for the whole of the model.
    pub(crate) fn from_named(
        model: &(impl Model + ?Sized),
        numbers: impl Fn(&str) -> Option<Tensor>,
    ) -> Option<Snapshot> {
        let one = |(path, it): (String, Box<dyn Stored>)| {
            let tensor = numbers(&path).filter(|tensor| tensor.shape() == it.tensor().shape())?;
            Some((path, it, tensor))
        };
        entries(model).into_iter().map(one).collect::<Option<_>>().map(Snapshot)
    }
}
