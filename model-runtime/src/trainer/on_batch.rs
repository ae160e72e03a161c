//! Single steps: `train_on_batch`, `test_on_batch`, and the weights of their samples.

use super::{Trainer, data, set};
use crate::{Data, Error, Float, Functional, IntoPorts, Logs};

/// How much the samples of one batch count: the arguments of Keras's `train_on_batch` and
/// `test_on_batch`.
///
/// ```
/// use model_runtime::prelude::*;
/// use ndarray::array;
/// let net = model! { x = Input(2); Dense(3, softmax)(x) };
/// let mut trainer = net.compile("sgd", "sparse_categorical_crossentropy")?;
/// let (x, labels) = (array![[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], array![0_u8, 2, 1]);
/// // The first sample counts half; those of class 2 count twice.
/// let weights = OnBatch::default().sample_weight(array![0.5, 1.0, 1.0]).class_weight([(2, 2.0)]);
/// trainer.train_on_batch_with(&x, &labels, weights)?;
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct OnBatch<'a> {
    pub(super) sample_weight: Option<Data<'a>>,
    pub(super) class_weight: Vec<(usize, Float)>,
}

impl<'a> OnBatch<'a> {
    /// How much each sample counts: `(samples)`.
    pub fn sample_weight(mut self, sample_weight: impl Into<Data<'a>>) -> OnBatch<'a> {
        self.sample_weight = Some(sample_weight.into());
        self
    }

    /// How much the samples of a class count in training, as of
    /// [`Fit::class_weight`](crate::Fit::class_weight); on top of the weights of the samples.
    pub fn class_weight(
        mut self,
        class_weight: impl IntoIterator<Item = (usize, Float)>,
    ) -> OnBatch<'a> {
        self.class_weight = class_weight.into_iter().collect();
        self
    }
}

impl<M: Functional> Trainer<M> {
    /// One step of training on these samples. Returns their loss, and the metrics of all samples
    /// since [`Trainer::reset_metrics`].
    ///
    /// # Errors
    /// Data that does not fit, the first error of a layer or loss, and a loss, gradient or update
    /// that is not finite. Then nothing has changed: no weight, no metric, nothing that the
    /// optimizer remembers.
    pub fn train_on_batch<'a>(
        &mut self,
        x: impl IntoPorts<M::Inputs<Data<'a>>>,
        y: impl IntoPorts<M::Outputs<Data<'a>>>,
    ) -> Result<Logs, Error> {
        self.train_on_batch_with(x, y, OnBatch::default())
    }

    /// [`Trainer::train_on_batch`] of samples that do not all count the same; see [`OnBatch`] for
    /// an example. As in Keras, the loss is the mean over the samples and not over the weights.
    ///
    /// # Errors
    /// As [`Trainer::train_on_batch`]; weights that are not one for each sample, are negative or
    /// not finite; weights of classes where a target is not one class for each sample.
    pub fn train_on_batch_with<'a>(
        &mut self,
        x: impl IntoPorts<M::Inputs<Data<'a>>>,
        y: impl IntoPorts<M::Outputs<Data<'a>>>,
        weights: OnBatch<'a>,
    ) -> Result<Logs, Error> {
        let batch = self.batch(x, y, weights, true)?;
        let trainable = self.trainable();
        let mut outcome =
            self.core.run(&(&self.model, &self.terms), &batch, Some(&trainable), None)?;
        let statistics = self.core.statistics(&batch, &outcome.predictions)?;
        self.core.commit(&mut outcome, None)?;
        self.trained.forget_losses();
        self.trained.add(&outcome, statistics);
        Ok(self.with_variables(self.trained.logs(&self.core)))
    }

    /// The loss of these samples, and the metrics of all samples since [`Trainer::reset_metrics`].
    /// Changes no weight.
    ///
    /// # Errors
    /// Data that does not fit, the first error of a layer or loss, and a loss that is not finite.
    pub fn test_on_batch<'a>(
        &mut self,
        x: impl IntoPorts<M::Inputs<Data<'a>>>,
        y: impl IntoPorts<M::Outputs<Data<'a>>>,
    ) -> Result<Logs, Error> {
        self.test_on_batch_with(x, y, OnBatch::default())
    }

    /// [`Trainer::test_on_batch`] of samples that do not all count the same.
    ///
    /// ```
    /// use model_runtime::prelude::*;
    /// use ndarray::array;
    /// let net = model! { x = Input(1); Dense(1, kernel_initializer = zeros)(x) };
    /// let mut trainer = net.compile("sgd", "mse")?;
    /// let (x, y) = (array![[1.0], [1.0]], array![[2.0], [4.0]]);
    /// let weights = OnBatch::default().sample_weight(array![1.0, 0.5]);
    /// let logs = trainer.test_on_batch_with(&x, &y, weights)?;
    /// assert_eq!(logs["loss"], (1.0 * 4.0 + 0.5 * 16.0) / 2.0);
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Trainer::test_on_batch`]; weights that are not one for each sample, are negative or not
    /// finite; weights of classes, which count in training only.
    pub fn test_on_batch_with<'a>(
        &mut self,
        x: impl IntoPorts<M::Inputs<Data<'a>>>,
        y: impl IntoPorts<M::Outputs<Data<'a>>>,
        weights: OnBatch<'a>,
    ) -> Result<Logs, Error> {
        if !weights.class_weight.is_empty() {
            let (name, value) = ("class_weight", "given".to_owned());
            let expected = "left out where nothing is trained; use sample_weight";
            return Err(Error::Option { name, value, expected });
        }
        let batch = self.batch(x, y, weights, false)?;
        let outcome = self.core.run(&(&self.model, &self.terms), &batch, None, None)?;
        let statistics = self.core.statistics(&batch, &outcome.predictions)?;
        self.tested.forget_losses();
        self.tested.add(&outcome, statistics);
        Ok(self.tested.logs(&self.core))
    }

    /// All samples as one batch.
    fn batch<'a>(
        &self,
        x: impl IntoPorts<M::Inputs<Data<'a>>>,
        y: impl IntoPorts<M::Outputs<Data<'a>>>,
        weights: OnBatch<'a>,
        training: bool,
    ) -> Result<set::Batch, Error> {
        let (inputs, targets) = data::<M>(x, y);
        set::Batch::whole(&self.core, inputs, targets, weights, training)
    }
}
