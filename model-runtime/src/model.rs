//! What every model is, whatever `model!` made it from.

mod functional;
pub(crate) mod path;

use std::path::Path;

use model_spec::Value;
use ndarray::ArrayD;

pub use self::functional::Functional;
use crate::{Error, Float, Graph, Layer, Parameter, Seed, Summary, Variable, weights};

/// A model: a layer whose graph is known. Object-safe.
pub trait Model: Layer {
    /// The graph, as plain data.
    fn graph(&self) -> &'static Graph;

    /// Draws all weights again, and sets all variables to what they start from. What is frozen
    /// stays frozen, and what is [tied](Model::tie) stays so.
    fn reset(&mut self, seed: u64) {
        let inputs: Vec<Value> = self.graph().inputs.iter().map(|port| port.value).collect();
        let kept = path::Kept::of(&|visitor| self.visit(visitor));
        self.init(Seed::new(seed), &inputs);
        kept.restore(&|visitor| self.visit(visitor));
    }

    /// Every weight with its path, in the order of the fields; a shared weight once.
    fn parameters(&self) -> Vec<(String, Parameter)> {
        path::parameters(&|visitor| self.visit(visitor))
    }

    /// Every variable with its path, in the order of the fields; a shared variable once.
    fn variables(&self) -> Vec<(String, Variable)> {
        path::variables(&|visitor| self.visit(visitor))
    }

    /// The weight of a path, such as `encoder.dense.kernel`: a handle, to be read by
    /// [`Parameter::get`] and changed by [`Parameter::set`]. Where the type of the model is known,
    /// its fields are a shorter way.
    ///
    /// ```
    /// use model_runtime::prelude::*;
    /// let net = model! { x = Input(2); h = Dense(3)(x); Dense(1)(h) };
    /// net.weight("h.bias")?.set(&ndarray::array![1.0, 2.0, 3.0])?;
    /// assert_eq!(net.h.bias.as_ref().map(|bias| bias.get().sum()), Some(6.0));
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::UnknownName`] for a path that no weight has.
    fn weight(&self, path: &str) -> Result<Parameter, Error> {
        path::weight(&|visitor| self.visit(visitor), path)
    }

    /// The variable of a path, such as `batch_normalization.moving_mean`.
    ///
    /// # Errors
    /// [`Error::UnknownName`] for a path that no variable has.
    fn variable(&self, path: &str) -> Result<Variable, Error> {
        path::variable(&|visitor| self.visit(visitor), path)
    }

    /// The numbers of all weights and variables, shared ones once, in the order in which the layers
    /// show them: [Keras's `get_weights`](https://keras.io/api/layers/base_layer/).
    fn get_weights(&self) -> Vec<ArrayD<Float>> {
        path::get(&|visitor| self.visit(visitor))
    }

    /// Replaces the numbers of all weights and variables by arrays in the order of
    /// [`Model::get_weights`].
    ///
    /// # Errors
    /// [`Error::Weights`] for another number of arrays, or other shapes. Then nothing has changed.
    fn set_weights(&self, weights: &[ArrayD<Float>]) -> Result<(), Error> {
        path::set(&|visitor| self.visit(visitor), weights)
    }

    /// Freezes what stands under a path, of a layer, a part or a weight: training leaves it as it
    /// is, bit by bit, and a frozen [`BatchNormalization`](crate::BatchNormalization) computes as
    /// in inference. [`Layer::set_trainable`] freezes a whole model or layer.
    ///
    /// ```
    /// use model_runtime::prelude::*;
    /// let net = model! { x = Input(2); h = Dense(3)(x); Dense(1)(h) };
    /// net.freeze("h")?;
    /// assert!(!net.h.kernel.is_trainable() && net.dense.kernel.is_trainable());
    /// net.unfreeze("h.bias")?;
    /// assert!(net.weight("h.bias")?.is_trainable() && !net.h.kernel.is_trainable());
    /// let error = net.freeze("g").unwrap_err().to_string();
    /// assert!(error.contains("did you mean `h`?"), "{error}");
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::UnknownName`] for a path under which nothing stands.
    fn freeze(&self, path: &str) -> Result<(), Error> {
        path::set_trainable(&|visitor| self.visit(visitor), path, false)
    }

    /// The reverse of [`Model::freeze`].
    ///
    /// # Errors
    /// As [`Model::freeze`].
    fn unfreeze(&self, path: &str) -> Result<(), Error> {
        path::set_trainable(&|visitor| self.visit(visitor), path, true)
    }

    /// Copies the numbers of all weights and variables of another model or layer, which has the
    /// same paths and shapes.
    ///
    /// ```
    /// use model_runtime::prelude::*;
    /// let net = model! { x = Input(2); h = Dense(3)(x); };
    /// let other = model! { x = Input(2); h = Dense(3)(x); };
    /// other.h.kernel.set(&ndarray::Array2::ones((2, 3)))?;
    /// net.copy_weights(&other)?;
    /// assert_eq!(net.h.kernel.get(), other.h.kernel.get());
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Weights`] for other paths or shapes. Then nothing has changed.
    fn copy_weights(&self, from: &dyn Layer) -> Result<(), Error> {
        path::copy(&|visitor| self.visit(visitor), "", &|visitor| from.visit(visitor), "")
    }

    /// Copies what stands under a path of another model to what stands under a path of this one;
    /// the rest of both paths must be the same.
    ///
    /// ```
    /// use model_runtime::prelude::*;
    /// let trained = model! { x = Input(2); encoder = Dense(3); Dense(2)(encoder(x)) };
    /// let net = model! { x = Input(2); h = Dense(3)(x); Dense(1)(h) };
    /// net.copy_weights_at("h", &trained, "encoder")?;
    /// assert_eq!(net.h.kernel.get(), trained.encoder.kernel.get());
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::UnknownName`] for a path under which nothing stands, [`Error::Weights`] for other
    /// names or shapes. Then nothing has changed.
    fn copy_weights_at(&self, path: &str, from: &dyn Layer, from_path: &str) -> Result<(), Error> {
        path::copy(&|visitor| self.visit(visitor), path, &|visitor| from.visit(visitor), from_path)
    }

    /// Ties the weight of a path to another one of the same shape: from then on they are one
    /// weight, with the numbers of the second. It counts once, is changed once by an optimizer, and
    /// is in files once, under the path that comes first in the model; `share` and `duplicate` keep
    /// it so. A regularizer of either layer counts once, that of the layer that is called first.
    ///
    /// To be done before `compile`. Handles that were made of the first weight before, as in a
    /// [`share`](crate::Share::share) of the model, stay what they were.
    ///
    /// ```
    /// use model_runtime::prelude::*;
    /// let mut net = model! {
    ///     left = Input(4);
    ///     right = Input(4);
    ///     a = Dense(3)(left);
    ///     b = Dense(3)(right);
    ///     Dense(1)(a - b)
    /// };
    /// net.tie("b.kernel", "a.kernel")?;
    /// assert_eq!(net.a.kernel.id(), net.b.kernel.id());
    /// assert_eq!(net.count_params(), 4 * 3 + 3 + 3 + 3 + 1);
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::UnknownName`] for a path that no weight has, [`Error::Weights`] for different
    /// shapes. Then nothing has changed.
    fn tie(&mut self, path: &str, to: &str) -> Result<(), Error> {
        path::tie(&|visitor| self.visit(visitor), path, to)
    }

    /// The number of weights, shared ones once; as in Keras, those that no gradient changes, such
    /// as moving means, count.
    fn count_params(&self) -> usize {
        let parameters = self.parameters().into_iter().map(|(_, p)| p.tensor().len());
        let variables = self.variables().into_iter().map(|(_, v)| v.tensor().len());
        parameters.chain(variables).sum()
    }

    /// Writes all weights into a [safetensors](crate::weights) file, under their paths. The file is
    /// there as a whole or as it was before. As in
    /// [Keras](https://keras.io/api/models/model_saving_apis/weights_saving_and_loading/).
    ///
    /// ```
    /// use model_runtime::prelude::*;
    ///
    /// model! {
    ///     pub struct Net {
    ///         x = Input(3);
    ///         Dense(2)(x)
    ///     }
    /// }
    ///
    /// # fn main() -> Result<(), Error> {
    /// let path = std::env::temp_dir().join("net.safetensors");
    /// Net::new(1).save_weights(&path)?;
    /// let net = Net::new(2);
    /// net.load_weights(&path)?;
    /// assert_eq!(net.dense.kernel.get(), Net::new(1).dense.kernel.get());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::File`]; then a file that was there before is as it was.
    fn save_weights(&self, path: impl AsRef<Path>) -> Result<(), Error>
    where
        Self: Sized,
    {
        weights::save(self, path)
    }

    /// Reads all weights from a [safetensors](crate::weights) file with F32, F64, F16 or BF16
    /// numbers, which become [`Float`]. The file must have exactly this model's weights, or be one
    /// of [`Trainer::save_state`](crate::Trainer::save_state) with them.
    ///
    /// # Errors
    /// [`Error::File`], [`Error::NotWeights`] for what is no such file, [`Error::OtherWeights`] for
    /// other names or shapes. Then no weight has changed.
    fn load_weights(&self, path: impl AsRef<Path>) -> Result<(), Error>
    where
        Self: Sized,
    {
        weights::load(self, path)
    }

    /// Reads a part of the weights, or weights that the file has under other names; says how the
    /// file differs from what was asked for, where that is allowed. See [`weights::Load`] for an
    /// example.
    ///
    /// # Errors
    /// As [`Model::load_weights`], and [`Error::UnknownName`] for a path that the model does not
    /// have. Then no weight has changed.
    fn load_weights_with(
        &self,
        path: impl AsRef<Path>,
        load: &weights::Load,
    ) -> Result<weights::Mismatch, Error>
    where
        Self: Sized,
    {
        weights::load_with(self, path, load)
    }

    /// The table of the layers, to be printed: shapes without the samples, and the numbers of
    /// weights.
    fn summary(&self) -> Summary {
        Summary::new(self)
    }
}
