//! Loss terms from outside of the model and its losses.

use super::Trainer;
use crate::tape::{self, Added, Purpose};
use crate::{Error, Functional, Layer, Mode, Var, Variable};

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

/// A loss term with a state of its own; see [`Trainer::add_loss_term`]. A closure is one without.
pub trait LossTerm<M: Functional>: Send + Sync {
    /// The term for a batch: one number, or one for each sample, of which the mean counts.
    fn value(&self, ctx: LossContext<'_, M>) -> Var;

    /// The variables that it updates, which a trainer then stores with each step, and logs. None by
    /// default.
    fn variables(&self) -> Vec<&Variable> {
        Vec::new()
    }

    /// Whether it counts in `evaluate` and in validation, as Keras's terms do. Yes by default.
    fn in_evaluation(&self) -> bool {
        true
    }
}

impl<M: Functional, F: Fn(LossContext<'_, M>) -> Var + Send + Sync> LossTerm<M> for F {
    fn value(&self, ctx: LossContext<'_, M>) -> Var {
        self(ctx)
    }
}

/// The loss terms of a trainer, in the order in which they were added.
pub(super) struct Terms<M: Functional>(Vec<Box<dyn LossTerm<M>>>);

/// The values of a batch, in the order of the model's inputs and outputs.
pub(super) struct Given<'a> {
    pub inputs: &'a [Var],
    pub outputs: &'a [Var],
    pub targets: &'a [Option<Var>],
}

/// What a step is made with: a model and its loss terms, whatever its type.
pub(super) trait Subject {
    fn layer(&self) -> &dyn Layer;

    /// The values of the loss terms; none of one that does not count in this mode.
    fn terms(&self, given: &Given<'_>) -> Vec<Option<Var>>;
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

    fn terms(&self, given: &Given<'_>) -> Vec<Option<Var>> {
        let (model, Terms(terms)) = self;
        let training = tape::mode() == Mode::Training;
        let call = |term: &dyn LossTerm<M>| {
            if !training && !term.in_evaluation() {
                return None;
            }
            let inputs = M::inputs_from_iter(given.inputs.iter().copied());
            let outputs = M::outputs_from_iter(given.outputs.iter().copied());
            let targets = M::outputs_from_iter(given.targets.iter().copied());
            // A batch has as many values as the model's graph says.
            let (Some(inputs), Some(outputs), Some(targets)) = (inputs, outputs, targets) else {
                return None;
            };
            Some(term.value(LossContext { model, inputs, outputs, targets }))
        };
        terms.iter().map(|term| call(term.as_ref())).collect()
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
        self.add_loss_term(name, term)
    }

    /// [`Trainer::add_loss`] for a type of one's own, which may have a state: its variables are
    /// updated with each step, logged, and kept as those of a loss are.
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
    /// /// Holds the mean output near what it has been.
    /// struct Steady {
    ///     mean: Variable,
    /// }
    ///
    /// impl LossTerm<Net> for Steady {
    ///     fn value(&self, ctx: LossContext<'_, Net>) -> Var {
    ///         let (mean, before) = (ctx.outputs.mean(), self.mean.read());
    ///         self.mean.update(before * 0.9 + mean * 0.1);
    ///         (mean - before).square()
    ///     }
    ///
    ///     fn variables(&self) -> Vec<&Variable> {
    ///         vec![&self.mean]
    ///     }
    ///
    ///     fn in_evaluation(&self) -> bool {
    ///         false
    ///     }
    /// }
    ///
    /// # fn main() -> Result<(), Error> {
    /// let mut trainer = Net::new(0).compile("sgd", "mse")?;
    /// trainer.add_loss_term("steady", Steady { mean: Variable::scalar("mean", 0.0) })?;
    /// let logs = trainer.train_on_batch(&array![[1.0, 2.0]], &array![[3.0]])?;
    /// assert!(logs["steady"] > 0.0 && logs["mean"] != 0.0);
    /// let logs = trainer.evaluate(&array![[1.0, 2.0]], &array![[3.0]])?;
    /// assert!(logs.get("steady").is_none());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Trainer::add_loss`].
    pub fn add_loss_term(
        &mut self,
        name: impl Into<String>,
        term: impl LossTerm<M> + 'static,
    ) -> Result<(), Error> {
        let name = name.into();
        if name.is_empty() || self.core.is_taken(&name) {
            return Err(taken(&name));
        }
        self.core.terms.push(name);
        term.variables().into_iter().for_each(|variable| self.core.add_variable(variable));
        self.terms.0.push(Box::new(term));
        Ok(())
    }
}

/// Adds the terms to those of the model, which have other names.
pub(super) fn join(
    names: &[String],
    values: Vec<Option<Var>>,
    samples: usize,
    added: &mut Vec<Added>,
) -> Result<(), Error> {
    for (name, value) in names.iter().zip(values) {
        let Some(value) = value else { continue };
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
