use std::borrow::Cow;
use std::path::Path;

use super::format::{self, Problem};
use super::header::Contents;
use super::mismatch::Wanted;
use super::{Entries, Mismatch, entries, file};
use crate::optimizer::within;
use crate::tensor::Tensor;
use crate::{Error, Model, names};

/// What to load of a file of weights, and where it is; by default all, under the same paths.
///
/// ```
/// use model_runtime::prelude::*;
/// use model_runtime::weights::Load;
///
/// model! {
///     struct Old {
///         x = Input(3);
///         features = Dense(4, relu)(x);
///         Dense(2)(features)
///     }
///     struct Next {
///         x = Input(3);
///         backbone = Dense(4, relu)(x);
///         head = Dense(5)(backbone);
///     }
/// }
///
/// # fn main() -> Result<(), Error> {
/// let path = std::env::temp_dir().join("old.safetensors");
/// let (old, next) = (Old::new(1), Next::new(2));
/// old.save_weights(&path)?;
/// // The head is another one, and what is left was called otherwise.
/// let load = Load::default().only("backbone").rename("backbone", "features");
/// next.load_weights_with(&path, &load)?;
/// assert_eq!(next.backbone.kernel.get(), old.features.kernel.get());
///
/// // What the file does not have, or in another shape, may stay as it is.
/// let load = Load::default().rename("backbone", "features").skip_mismatch(true);
/// let mismatch = next.load_weights_with(&path, &load)?;
/// let missing: Vec<&str> = mismatch.missing.iter().map(|(path, _)| path.as_str()).collect();
/// assert_eq!(missing, ["head.kernel", "head.bias"]);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Load {
    renames: Vec<(String, String)>,
    only: Vec<String>,
    skip_mismatch: bool,
}

impl Load {
    /// What the model calls by the first name is what the file calls by the second: the paths of
    /// weights, or of layers and all that is in them. Of several that a weight belongs to, the
    /// first counts.
    pub fn rename(mut self, in_model: impl Into<String>, in_file: impl Into<String>) -> Load {
        self.renames.push((in_model.into(), in_file.into()));
        self
    }

    /// Only the weights of this path, and of others that are given so; the rest of the model stays
    /// as it is, and the file may hold more.
    pub fn only(mut self, path: impl Into<String>) -> Load {
        self.only.push(path.into());
        self
    }

    /// Whether weights that the file does not have, or has in another shape, stay as they are; no
    /// by default. As in Keras.
    pub fn skip_mismatch(mut self, skip_mismatch: bool) -> Load {
        self.skip_mismatch = skip_mismatch;
        self
    }

    fn name<'a>(&self, path: &'a str) -> Cow<'a, str> {
        match self.renames.iter().find(|(part, _)| within(path, part)) {
            Some((part, other)) => format!("{other}{}", &path[part.len()..]).into(),
            None => path.into(),
        }
    }

    /// Refuses paths that the model does not have.
    fn check(&self, entries: &Entries) -> Result<(), Problem> {
        let parts = self.renames.iter().map(|(part, _)| part).chain(&self.only);
        for part in parts {
            if !entries.iter().any(|(path, _)| within(path, part)) {
                let paths = entries.iter().map(|(path, _)| path.as_str());
                return Err(Problem::Other(Box::new(names::unknown_path(part, paths))));
            }
        }
        Ok(())
    }

    /// The arrays for entries, by their numbers, and how the file differs otherwise.
    pub(crate) fn decode(
        &self,
        entries: &Entries,
        contents: &Contents<'_>,
    ) -> Result<(Vec<(usize, Tensor)>, Mismatch), Problem> {
        self.check(entries)?;
        let is_asked =
            |path: &str| self.only.is_empty() || self.only.iter().any(|part| within(path, part));
        let asked = entries.iter().enumerate().filter(|(_, (path, _))| is_asked(path));
        let (places, wanted): (Vec<usize>, Vec<Wanted<'_>>) = asked
            .map(|(place, (path, stored))| {
                let shape = *stored.tensor().shape();
                (place, Wanted { path, name: self.name(path), shape })
            })
            .unzip();
        let (mut mismatch, fitting) = Mismatch::between(&wanted, &contents.arrays);
        if !self.only.is_empty() {
            mismatch.unexpected.clear();
        }
        // Nothing at all is what nobody wants.
        let is_enough = self.skip_mismatch && fitting.contains(&true);
        if !mismatch.is_empty() && !is_enough {
            return Err(Problem::Mismatch(Box::new(mismatch)));
        }
        let mut tensors = Vec::with_capacity(wanted.len());
        for ((place, one), fits) in places.into_iter().zip(&wanted).zip(fitting) {
            if fits {
                tensors.push((place, contents.tensor(&one.name, one.shape)?));
            }
        }
        Ok((tensors, mismatch))
    }
}

/// [`Model::load_weights_with`], also for a `dyn Model`.
///
/// # Errors
/// As [`Model::load_weights_with`].
pub fn load_with(
    model: &(impl Model + ?Sized),
    path: impl AsRef<Path>,
    load: &Load,
) -> Result<Mismatch, Error> {
    let path = path.as_ref();
    let bytes = file::read(path)?;
    let entries = entries(model);
    let decode = || load.decode(&entries, &format::contents(&bytes)?);
    let (tensors, mismatch) = decode().map_err(|problem| problem.at(path))?;
    for (place, tensor) in tensors {
        entries[place].1.replace(tensor);
    }
    Ok(mismatch)
}
