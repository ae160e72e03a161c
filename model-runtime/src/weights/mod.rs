//! Weights in files: [`Model::save_weights`] and [`Model::load_weights`].
//!
//! A file is a [safetensors](https://github.com/huggingface/safetensors) file, which other programs
//! read as well. Each weight, and each variable such as a moving mean, is an array under its path,
//! such as `encoder.dense.kernel`, of the type F32, or F64 with the feature `f64`; a weight that is
//! shared is there once.

pub(crate) mod file;
mod format;
mod header;
mod mismatch;
#[cfg(test)]
mod tests;

use std::path::Path;

pub use mismatch::Mismatch;

use crate::tensor::Tensor;
use crate::{Error, Model, Parameter, Variable};

/// Something of a model that a file holds under a name.
trait Stored {
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
type Entries = Vec<(String, Box<dyn Stored>)>;

/// Everything of a model that is stored.
fn entries(model: &(impl Model + ?Sized)) -> Entries {
    let mut entries = Entries::new();
    entries.extend(model.parameters().into_iter().map(|(path, it)| (path, Box::new(it) as _)));
    entries.extend(model.variables().into_iter().map(|(path, it)| (path, Box::new(it) as _)));
    entries
}

/// [`Model::save_weights`], also for a `dyn Model`.
///
/// # Errors
/// [`Error::File`].
pub fn save(model: &(impl Model + ?Sized), path: impl AsRef<Path>) -> Result<(), Error> {
    let path = path.as_ref();
    let bytes = format::encode(&entries(model)).map_err(|why| file::error(path, "write", why))?;
    file::write(path, &bytes)
}

/// [`Model::load_weights`], also for a `dyn Model`.
///
/// # Errors
/// [`Error::File`], [`Error::NotWeights`], [`Error::OtherWeights`]; then nothing has changed.
pub fn load(model: &(impl Model + ?Sized), path: impl AsRef<Path>) -> Result<(), Error> {
    let path = path.as_ref();
    let bytes = file::read(path)?;
    let entries = entries(model);
    let tensors = format::decode(&entries, &bytes).map_err(|problem| problem.at(path))?;
    for ((_, stored), tensor) in entries.iter().zip(tensors) {
        stored.replace(tensor);
    }
    Ok(())
}
