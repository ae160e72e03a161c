//! What every model is, whatever `model!` made it from.

use std::cell::RefCell;
use std::collections::HashSet;
use std::path::Path;

use model_spec::Value;
use ndarray::ArrayD;

use crate::data::Rows;
use crate::{
    Data, Error, Float, Graph, IntoLoss, IntoOptimizer, Layer, Parameter, Seed, Summary, Trainer,
    Variable, Visitor, trainer, weights,
};

/// A model: a layer whose graph is known. Object-safe.
pub trait Model: Layer {
    /// The graph, as plain data.
    fn graph(&self) -> &'static Graph;

    /// Draws all weights again, and sets all variables to what they start from. What is frozen
    /// stays frozen.
    fn reset(&mut self, seed: u64) {
        let inputs: Vec<Value> = self.graph().inputs.iter().map(|port| port.value).collect();
        let frozen = frozen(self);
        self.init(Seed::new(seed), &inputs);
        for (path, parameter) in self.parameters() {
            parameter.set_trainable(parameter.is_trainable() && !frozen.contains(&path));
        }
        for (path, variable) in self.variables() {
            variable.set_trainable(variable.is_trainable() && !frozen.contains(&path));
            variable.set_in_model();
        }
    }

    /// Every weight with its path, in the order of the fields; a shared weight once.
    fn parameters(&self) -> Vec<(String, Parameter)> {
        let mut parameters = Vec::new();
        let mut seen = HashSet::new();
        self.visit(&mut Visitor::new(&mut |path, parameter| {
            if seen.insert(parameter.id()) {
                parameters.push((path.to_owned(), parameter.share()));
            }
        }));
        parameters
    }

    /// Every variable with its path, in the order of the fields; a shared variable once.
    fn variables(&self) -> Vec<(String, Variable)> {
        let mut variables = Vec::new();
        let mut seen = HashSet::new();
        self.visit(&mut Visitor::of_variables(&mut |path, variable| {
            if seen.insert(variable.id()) {
                variables.push((path.to_owned(), variable.share()));
            }
        }));
        variables
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
    /// numbers, which become [`Float`]. The file must have exactly this model's weights.
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

    /// The table of the layers, to be printed: shapes without the samples, and the numbers of
    /// weights.
    fn summary(&self) -> Summary {
        Summary::new(self)
    }
}

/// The paths of what is frozen.
fn frozen(model: &(impl Layer + ?Sized)) -> HashSet<String> {
    let frozen = RefCell::new(HashSet::new());
    let see = |path: &str, trainable: bool| {
        if !trainable {
            frozen.borrow_mut().insert(path.to_owned());
        }
    };
    let parameters = &mut |path: &str, p: &Parameter| see(path, p.is_trainable());
    let variables = &mut |path: &str, v: &Variable| see(path, v.is_trainable());
    model.visit(&mut Visitor::of_both(parameters, variables));
    frozen.into_inner()
}

/// A model whose inputs and outputs have names and types: what `model!` makes.
///
/// A single input or output is `T` itself; several are a struct with a field for each, such as
/// `ClassifierOutputs<T>`.
pub trait Functional: Model + Sized {
    /// One `T` for each input.
    type Inputs<T>;
    /// One `T` for each output.
    type Outputs<T>;

    /// The inputs in the order of their declaration.
    fn inputs_to_vec<T>(inputs: Self::Inputs<T>) -> Vec<T>;

    /// The outputs in the order in which the model names them.
    fn outputs_to_vec<T>(outputs: Self::Outputs<T>) -> Vec<T>;

    /// The reverse of [`Functional::inputs_to_vec`]: takes as many as the model has inputs.
    fn inputs_from_iter<T>(inputs: impl Iterator<Item = T>) -> Option<Self::Inputs<T>>;

    /// The reverse of [`Functional::outputs_to_vec`]: takes as many as the model has outputs.
    fn outputs_from_iter<T>(outputs: impl Iterator<Item = T>) -> Option<Self::Outputs<T>>;

    /// Makes the model ready for training: with an optimizer, and a loss for each output.
    ///
    /// # Errors
    /// A name that no optimizer or loss has, and settings of the optimizer that make no sense.
    fn compile<L: IntoLoss>(
        self,
        optimizer: impl IntoOptimizer,
        loss: Self::Outputs<L>,
    ) -> Result<Trainer<Self>, Error> {
        let losses = Self::outputs_to_vec(loss).into_iter().map(IntoLoss::into_loss);
        Trainer::new(self, optimizer, losses.collect::<Result<_, _>>()?)
    }

    /// The outputs for arrays of samples, computed 32 samples at a time. May be called from several
    /// threads at once.
    ///
    /// # Errors
    /// Inputs that are not the model's, and the first error of its layers.
    fn predict<'a, X>(&self, x: Self::Inputs<X>) -> Result<Self::Outputs<ArrayD<Float>>, Error>
    where
        X: Into<Data<'a>>,
    {
        self.predict_with(x, 32)
    }

    /// [`Functional::predict`], with this many samples at a time.
    ///
    /// # Errors
    /// As [`Functional::predict`], and [`Error::Option`] for 0 samples at a time.
    ///
    /// # Panics
    /// If the model has another number of outputs than its type says, which `model!` makes
    /// impossible.
    fn predict_with<'a, X>(
        &self,
        x: Self::Inputs<X>,
        batch_size: usize,
    ) -> Result<Self::Outputs<ArrayD<Float>>, Error>
    where
        X: Into<Data<'a>>,
    {
        let inputs: Vec<Data<'a>> = Self::inputs_to_vec(x).into_iter().map(Into::into).collect();
        let outputs = trainer::predict(self, &inputs, batch_size)?;
        let outputs = Self::outputs_from_iter(outputs.into_iter().map(Rows::into_array));
        Ok(outputs.expect("a model has as many outputs as its type says"))
    }
}
