//! The variables of a trainer that are not its model's: of losses, of loss terms, and added ones.

use super::{Trainer, TrainerCore};
use crate::model::path;
use crate::{Functional, Layer, Logs, Variable};

impl TrainerCore {
    /// The logs of a step with what the variables of one number are now, the model's and the
    /// trainer's. Where something else has the name, that is what is asked for by it.
    fn with_variables(&self, model: &dyn Layer, mut logs: Logs) -> Logs {
        let variables = path::variables(&|visitor| model.visit(visitor));
        for (name, variable) in variables.iter().chain(&self.variables) {
            let value = variable.tensor();
            if let (0, [value], None) = (value.shape().rank(), value.data(), logs.get(name)) {
                logs.push(name.clone(), *value);
            }
        }
        logs
    }

    /// Lets steps update a variable, and logs show it.
    pub(super) fn add_variable(&mut self, variable: &Variable) {
        if self.variables.iter().any(|(_, known)| known.id() == variable.id()) {
            return;
        }
        let numbered = (1..).map(|i| format!("{}_{i}", variable.name()));
        let mut names = std::iter::once(variable.name().to_owned()).chain(numbered);
        let is_free = |name: &String| self.variables.iter().all(|(known, _)| known != name);
        if let Some(name) = names.find(is_free) {
            self.variables.push((name, variable.share()));
        }
    }

    pub(super) fn add_variables_of_losses(&mut self) {
        let losses = self.outputs.iter().filter_map(|output| output.loss.as_ref());
        let variables = losses.flat_map(|loss| loss.variables()).map(Variable::share);
        let variables: Vec<Variable> = variables.collect();
        variables.iter().for_each(|variable| self.add_variable(variable));
    }
}

impl<M: Functional> Trainer<M> {
    /// [`TrainerCore::with_variables`] of the model.
    pub(super) fn with_variables(&self, logs: Logs) -> Logs {
        self.core.with_variables(&self.model, logs)
    }

    /// Lets steps update a variable that belongs neither to the model nor to a loss or loss term,
    /// such as one that the closure of [`Trainer::step`] updates. One of a single number is in the
    /// logs, under its name.
    ///
    /// ```
    /// use model_runtime::prelude::*;
    /// use ndarray::array;
    /// let net = model! { x = Input(1); Dense(1)(x) };
    /// let mut trainer = net.compile("sgd", NoLoss)?;
    /// let k = Variable::scalar("k", 1.0);
    /// trainer.add_variable(&k);
    /// let logs = trainer.step(|ctx| {
    ///     k.update(k.read() * 0.5);
    ///     ctx.model.call(ctx.inputs(&array![[2.0]])).mean()
    /// })?;
    /// assert_eq!(logs["k"], 0.5);
    /// assert_eq!(trainer.variables()[0].0, "k");
    /// # Ok::<(), Error>(())
    /// ```
    pub fn add_variable(&mut self, variable: &Variable) {
        self.core.add_variable(variable);
    }

    /// The variables that steps may update beside the model's: those of losses and loss terms, and
    /// those of [`Trainer::add_variable`]. Where two have one name, the second has a number.
    pub fn variables(&self) -> Vec<(String, Variable)> {
        let variables = self.core.variables.iter();
        variables.map(|(name, variable)| (name.clone(), variable.share())).collect()
    }
}
