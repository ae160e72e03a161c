//! Loss terms from outside of the model and its losses.

use super::Trainer;
use crate::tape::{Added, Purpose};
use crate::{Error, Functional, Layer, Var};

/// What a loss term is computed of; see [`Trainer::add_loss`].
#[non_exhaustive]
pub struct LossContext<'a, M: Functional> {
    /// The model.
    pub model: &'a M,
    /// The inputs of the batch.
    pub inputs: M::Inputs<Var>,
    /// What the model has made of them.
    pub outputs: M::Outputs<Var>,
    /// The targets of the batch; `None` where there is none.
    pub targets: M::Outputs<Option<Var>>,
}

/// A loss term as it was given.
type Term<M> = Box<dyn Fn(LossContext<'_, M>) -> Var + Send + Sync>;

/// The loss terms of a trainer, in the order in which they were added.
pub(super) struct Terms<M: Functional>(Vec<Term<M>>);

/// The values of a batch, in the order of the model's inputs and outputs.
pub(super) struct Given<'a> {
    pub inputs: &'a [Var],
    pub outputs: &'a [Var],
    pub targets: &'a [Option<Var>],
}

/// What a step is made with: a model and its loss terms, whatever its type.
pub(super) trait Subject {
    fn layer(&self) -> &dyn Layer;

    /// The values of the loss terms.
    fn terms(&self, given: &Given<'_>) -> Vec<Var>;
}

impl<M: Functional> Terms<M> {
    pub fn new() -> Terms<M> {
        Terms(Vec::new())
    }
}

impl<M: Functional> Subject for (&M, &Terms<M>) {
    fn layer(&self) -> &dyn Layer {
        self.0
    }

    fn terms(&self, given: &Given<'_>) -> Vec<Var> {
        let (model, Terms(terms)) = self;
        let call = |term: &Term<M>| {
            let inputs = M::inputs_from_iter(given.inputs.iter().copied());
            let outputs = M::outputs_from_iter(given.outputs.iter().copied());
            let targets = M::outputs_from_iter(given.targets.iter().copied());
            // A batch has as many values as the model's graph says.
            let (Some(inputs), Some(outputs), Some(targets)) = (inputs, outputs, targets) else {
                return Var::scalar(0.0);
            };
            term(LossContext { model, inputs, outputs, targets })
        };
        terms.iter().map(call).collect()
    }
}

impl<M: Functional> Trainer<M> {
    /// Adds a term to the loss: in each batch, what the closure makes of it counts in the total,
    /// and logs and histories have it under this name, of `fit`, `evaluate` and all others. It is
    /// one number, or one for each sample, of which the mean counts; sample weights do not.
    ///
    /// The closure may call the model again and ask for gradients, with
    /// [`tape::grad`](crate::tape::grad) and [`tape::grad_recorded`](crate::tape::grad_recorded);
    /// penalties of layers, such as regularizers, count once, however often it does. Weights of
    /// other models are constants. In evaluation, [`tape::mode`](crate::tape::mode) is
    /// [`Mode::Inference`](crate::Mode::Inference).
    ///
    /// ```
    /// use model_runtime::prelude::*;
    /// use ndarray::array;
    ///
    /// model! {
    ///     struct Net {
    ///         x = Input(2);
    ///         Dense(1)(x)
    ///     }
    /// }
    ///
    /// # fn main() -> Result<(), Error> {
    /// let mut trainer = Net::new(0).compile("sgd", "mse")?;
    /// // A small change of the input shall change the output little.
    /// trainer.add_loss("smooth", |ctx| {
    ///     (ctx.model.call(ctx.inputs + 0.1) - ctx.outputs).square().mean()
    /// })?;
    /// let logs = trainer.train_on_batch(&array![[1.0, 2.0]], &array![[3.0]])?;
    /// assert!(logs["smooth"] > 0.0 && logs["loss"] > logs["smooth"]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Option`] for a name that something in the logs has already; where it is a term of
    /// the model itself, the first batch says so.
    pub fn add_loss(
        &mut self,
        name: impl Into<String>,
        term: impl Fn(LossContext<'_, M>) -> Var + Send + Sync + 'static,
    ) -> Result<(), Error> {
        let name = name.into();
        if name.is_empty() || self.core.is_taken(&name) {
            return Err(taken(&name));
        }
        self.core.terms.push(name);
        self.terms.0.push(Box::new(term));
        Ok(())
    }
}

/// Adds the terms to those of the model, which have other names.
pub(super) fn join(
    names: &[String],
    values: Vec<Var>,
    samples: usize,
    added: &mut Vec<Added>,
) -> Result<(), Error> {
    for (name, value) in names.iter().zip(values) {
        if added.iter().any(|other| other.name == *name) {
            return Err(taken(name));
        }
        let (shape, name) = (value.shape(), name.clone());
        if !value.is_poison() && !matches!(shape.dims(), [] | [_]) {
            let (loss, got) = (Some(name), shape.dims().to_vec());
            return Err(Error::NotPerSample { loss, got, samples: Some(samples), location: None });
        }
        added.push(Added { name, purpose: Purpose::Loss, value, weight: 1.0 });
    }
    Ok(())
}

fn taken(name: &str) -> Error {
    let expected = "one that nothing else in the logs has";
    Error::Option { name: "name", value: format!("`{name}`"), expected }
}
