use ndarray::ArrayD;

use super::Model;
use crate::data::Rows;
use crate::private::Compiled;
use crate::{
    Data, Error, Float, History, IntoOptimizer, IntoPorts, Logs, PortLoss, Trainer, trainer,
};

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
    fn compile(
        self,
        optimizer: impl IntoOptimizer,
        loss: impl IntoPorts<Self::Outputs<PortLoss>>,
    ) -> Result<Trainer<Self>, Error> {
        let losses = Self::outputs_to_vec(loss.into_ports());
        let losses = losses.into_iter().map(|loss| loss.0).collect::<Result<Vec<_>, _>>()?;
        Trainer::new(self, optimizer, losses)
    }

    /// The outputs for arrays of samples, computed 32 samples at a time. May be called from several
    /// threads at once.
    ///
    /// # Errors
    /// Inputs that are not the model's, and the first error of its layers.
    fn predict<'a>(
        &self,
        x: impl IntoPorts<Self::Inputs<Data<'a>>>,
    ) -> Result<Self::Outputs<ArrayD<Float>>, Error> {
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
    fn predict_with<'a>(
        &self,
        x: impl IntoPorts<Self::Inputs<Data<'a>>>,
        batch_size: usize,
    ) -> Result<Self::Outputs<ArrayD<Float>>, Error> {
        let inputs = Self::inputs_to_vec(x.into_ports());
        let outputs = trainer::predict(self, &inputs, batch_size)?;
        let outputs = Self::outputs_from_iter(outputs.into_iter().map(Rows::into_array));
        Ok(outputs.expect("a model has as many outputs as its type says"))
    }

    /// [`Functional::predict`] of all samples at once.
    ///
    /// # Errors
    /// As [`Functional::predict`].
    ///
    /// # Panics
    /// If the model has another number of outputs than its type says, which `model!` makes
    /// impossible.
    fn predict_on_batch<'a>(
        &self,
        x: impl IntoPorts<Self::Inputs<Data<'a>>>,
    ) -> Result<Self::Outputs<ArrayD<Float>>, Error> {
        let outputs = trainer::predict_on_batch(self, &Self::inputs_to_vec(x.into_ports()))?;
        let outputs = Self::outputs_from_iter(outputs.into_iter());
        Ok(outputs.expect("a model has as many outputs as its type says"))
    }

    /// [`Functional::predict_on_batch`] into arrays that are there, so that nothing is allocated
    /// once shapes have been seen. An array that does not have its output's shape, samples first,
    /// gives way to a new one.
    ///
    /// ```
    /// use model_runtime::prelude::*;
    /// use ndarray::{Array2, ArrayD};
    ///
    /// model! {
    ///     pub struct Net {
    ///         x = Input(3);
    ///         Dense(2)(x)
    ///     }
    /// }
    ///
    /// # fn main() -> Result<(), Error> {
    /// let net = Net::new(0);
    /// let mut y = ArrayD::default(vec![0]);
    /// for batch in [Array2::<Float>::ones((4, 3)), Array2::zeros((4, 3))] {
    ///     net.predict_on_batch_into(&batch, &mut y)?;
    ///     assert_eq!(y, net.predict_on_batch(&batch)?);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Functional::predict`]. Then nothing has been written.
    fn predict_on_batch_into<'a>(
        &self,
        x: impl IntoPorts<Self::Inputs<Data<'a>>>,
        outputs: Self::Outputs<&mut ArrayD<Float>>,
    ) -> Result<(), Error> {
        let mut outputs = Self::outputs_to_vec(outputs);
        trainer::predict_on_batch_into(self, &Self::inputs_to_vec(x.into_ports()), &mut outputs)
    }

    // What a trainer does is there to say so. A method of another trait goes first, unless it too
    // takes `&mut self`. Not made by a macro, which rustc would show in its message.

    #[doc(hidden)]
    fn fit(&mut self, x: impl Sized, y: impl Sized, options: impl Sized) -> Result<History, Error>
    where
        Self: Compiled,
    {
        self.compiled((x, y, options))
    }

    #[doc(hidden)]
    fn fit_batches(&mut self, batches: impl Sized, options: impl Sized) -> Result<History, Error>
    where
        Self: Compiled,
    {
        self.compiled((batches, options))
    }

    #[doc(hidden)]
    fn evaluate(&mut self, x: impl Sized, y: impl Sized) -> Result<Logs, Error>
    where
        Self: Compiled,
    {
        self.compiled((x, y))
    }

    #[doc(hidden)]
    fn evaluate_with(
        &mut self,
        x: impl Sized,
        y: impl Sized,
        options: impl Sized,
    ) -> Result<Logs, Error>
    where
        Self: Compiled,
    {
        self.compiled((x, y, options))
    }

    #[doc(hidden)]
    fn evaluate_batches(&mut self, batches: impl Sized, options: impl Sized) -> Result<Logs, Error>
    where
        Self: Compiled,
    {
        self.compiled((batches, options))
    }

    #[doc(hidden)]
    fn train_on_batch(&mut self, x: impl Sized, y: impl Sized) -> Result<Logs, Error>
    where
        Self: Compiled,
    {
        self.compiled((x, y))
    }

    #[doc(hidden)]
    fn train_on_batch_with(
        &mut self,
        x: impl Sized,
        y: impl Sized,
        weights: impl Sized,
    ) -> Result<Logs, Error>
    where
        Self: Compiled,
    {
        self.compiled((x, y, weights))
    }

    #[doc(hidden)]
    fn test_on_batch(&mut self, x: impl Sized, y: impl Sized) -> Result<Logs, Error>
    where
        Self: Compiled,
    {
        self.compiled((x, y))
    }

    #[doc(hidden)]
    fn test_on_batch_with(
        &mut self,
        x: impl Sized,
        y: impl Sized,
        weights: impl Sized,
    ) -> Result<Logs, Error>
    where
        Self: Compiled,
    {
        self.compiled((x, y, weights))
    }
}
