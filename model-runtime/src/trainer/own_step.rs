//! A training step of one's own.

use std::cell::Cell;

use super::losses::{Losses, Sum, one_number};
use super::set::check_inputs;
use super::step::{Forward, Totals, check_rows};
use super::terms::Given;
use super::{Trainer, TrainerCore};
use crate::loss::Target;
use crate::{Data, Error, Functional, IntoPorts, Logs, Var, tape};

/// What a step of one's own computes with; see [`Trainer::step`].
pub struct StepContext<'a, M: Functional> {
    /// The model.
    pub model: &'a M,
    core: &'a TrainerCore,
    /// The output whose loss has failed.
    culprit: Cell<Option<usize>>,
}

impl<M: Functional> StepContext<'_, M> {
    /// Arrays of samples as the inputs of the model, to be called on. What does not fit it is the
    /// step's error, in the words of [`Trainer::train_on_batch`].
    ///
    /// # Panics
    /// If the model has another number of inputs than its type says, which `model!` makes
    /// impossible.
    #[track_caller]
    pub fn inputs<'d>(&self, x: impl IntoPorts<M::Inputs<Data<'d>>>) -> M::Inputs<Var> {
        let data = M::inputs_to_vec(x.into_ports());
        let values: Vec<Var> = match check_inputs(self.core.graph, &data) {
            Ok(_) => data.into_iter().map(|data| self.value(data)).collect(),
            Err(error) => vec![tape::fail(error); data.len()],
        };
        let inputs = M::inputs_from_iter(values.into_iter());
        inputs.expect("a model has as many inputs as its type says")
    }

    /// An array of any numeric type as a constant: targets, noise, samples of another kind. NaN,
    /// infinity and more than 8 axes are the step's error.
    #[track_caller]
    pub fn value<'d>(&self, x: impl Into<Data<'d>>) -> Var {
        x.into().into_tensor().map_or_else(tape::fail, tape::constant)
    }

    /// The loss that the model was compiled with, for targets and predictions: that of each output
    /// times its weight, summed. Terms are not in it: what the model's layers add counts in the
    /// step as it is, and what [`Trainer::add_loss`] was given is of a batch of `train_on_batch`
    /// and the like.
    ///
    /// An output whose loss needs no target takes `None`. Targets that the loss cannot be computed
    /// of, and a model without losses, are the step's error.
    #[track_caller]
    pub fn loss<T>(&self, y_true: M::Outputs<T>, y_pred: M::Outputs<Var>) -> Var
    where
        T: Into<Option<Var>>,
    {
        let targets: Vec<Option<Var>> =
            M::outputs_to_vec(y_true).into_iter().map(Into::into).collect();
        let outputs = M::outputs_to_vec(y_pred);
        if targets.iter().flatten().chain(&outputs).any(|value| value.is_poison()) {
            return Var::scalar(0.0);
        }
        let given = Given { inputs: &[], outputs: &outputs, targets: &targets };
        self.core.loss(&given, &self.culprit).unwrap_or_else(tape::fail)
    }
}

impl TrainerCore {
    fn loss(&self, given: &Given<'_>, culprit: &Cell<Option<usize>>) -> Result<Var, Error> {
        let rows = |value: &Var| value.shape().dims().first().copied();
        let samples = given.outputs.first().and_then(rows).unwrap_or(0);
        let ports = self.graph.outputs.iter();
        for (((output, port), y_pred), y_true) in
            self.outputs.iter().zip(ports).zip(given.outputs).zip(given.targets)
        {
            check_rows(*y_pred, port.name, samples)?;
            let Some(loss) = &output.loss else { continue };
            let data = output.target_name();
            let Some(y_true) = y_true else {
                if loss.needs_target() {
                    return Err(Error::NoData { data });
                }
                continue;
            };
            if rows(y_true) != Some(samples) {
                let first = (format!("the output `{}`", port.name), samples);
                let second = (data, rows(y_true).unwrap_or(1));
                return Err(Error::SampleCounts { first, second });
            }
            let (numbers, shape) = (y_true.tensor(), y_true.shape().without_first());
            let output = y_pred.shape().without_first();
            loss.check(&Target { data: &data, shape, values: numbers.data(), output })?;
        }
        let (sum, _) = self.of_outputs(given, samples, None, culprit);
        sum.total().ok_or(Error::NoLoss)
    }

    /// All that a step of one's own has computed: the number that it returned, and what layers have
    /// added on the way, but for the penalties of weights that this model does not have.
    fn own_losses(&self, value: Var, weights: &[u64]) -> Forward {
        let mut sum = Sum::default();
        sum.add(one_loss(value), 1.0);
        let own = |term: &tape::Term| term.weight().is_none_or(|weight| weights.contains(&weight));
        let of_layers: Vec<Var> =
            tape::terms().iter().filter(|term| own(term)).map(|term| term.value).collect();
        let added = tape::take_added();
        sum.add_terms(&of_layers, &added);
        let total = sum.total().unwrap_or(value);
        let losses = Losses { total, each: Vec::new() };
        Forward { samples: 1, losses, added, predictions: Vec::new() }
    }
}

/// What a closure has returned as its loss, as one number.
#[track_caller]
fn one_loss(value: Var) -> Var {
    if value.is_poison() || value.shape().rank() < 2 {
        return one_number(value);
    }
    let shape = crate::Value::float(value.shape().without_first().dims());
    match model_spec::term("step", &[shape]) {
        Ok(_) => one_number(value),
        Err(error) => tape::fail_shape(error, &[value]),
    }
}

impl<M: Functional> Trainer<M> {
    /// A training step of one's own: the closure computes a loss, in whatever way, and the step
    /// then does what [`Trainer::train_on_batch`] does with one. It finds the gradients of the
    /// model's trainable weights, clips them, and changes the weights by the optimizer; it stores
    /// the updates of variables and counts as a step; all of it or, where something fails, nothing.
    ///
    /// The closure returns one number, or one for each sample, of which the mean counts. What the
    /// layers that it calls add to the loss is added to that: regularizers of the model's weights
    /// once, whatever is called; activity regularizers and [`add_loss`](crate::add_loss) for each
    /// call, also of another model, unless it is called in
    /// [`tape::without_terms`](crate::tape::without_terms). With `tape::add_loss` and
    /// `tape::add_metric` the closure itself names parts of its loss and measures. Weights of other
    /// models are constants, and their moving statistics stay.
    ///
    /// Returned are the total as `loss` and all that has a name. The losses, metrics and terms of
    /// the trainer itself are not asked; [`StepContext::loss`] is the loss it was compiled with.
    ///
    /// The critic of a [Wasserstein GAN](https://arxiv.org/abs/1701.07875), whose weights stay
    /// within bounds:
    ///
    /// ```
    /// use model_runtime::prelude::*;
    /// use ndarray::Array2;
    ///
    /// model! {
    ///     struct Critic {
    ///         x = Input(2);
    ///         h = Dense(8, relu)(x);
    ///         Dense(1)(h)
    ///     }
    ///
    ///     struct Generator {
    ///         z = Input(3);
    ///         h = Dense(8, relu)(z);
    ///         Dense(2)(h)
    ///     }
    /// }
    ///
    /// # fn main() -> Result<(), Error> {
    /// let generator = Generator::new(1);
    /// let critic = Critic::new(2);
    /// for (_, weight) in critic.parameters() {
    ///     weight.set_constraint(Some(Constraint::custom(|w| w.clip(-0.1, 0.1))));
    /// }
    /// let mut trainer = critic.compile(RMSprop::new(5e-5), NoLoss)?;
    /// let (real, noise) = (Array2::<f32>::ones((16, 2)), Array2::<f32>::ones((16, 3)));
    /// let logs = trainer.step(|ctx| {
    ///     let fake = generator.call(ctx.value(&noise));
    ///     let fake = ctx.model.call(fake).mean();
    ///     let real = ctx.model.call(ctx.inputs(&real)).mean();
    ///     tape::add_metric("distance", real - fake);
    ///     fake - real
    /// })?;
    /// assert_eq!(logs["loss"], -logs["distance"]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Gradients of several batches in one step, and two losses:
    ///
    /// ```
    /// use model_runtime::prelude::*;
    /// use ndarray::{Array2, Axis};
    ///
    /// let net = model! { x = Input(2); Dense(1)(x) };
    /// let mut trainer = net.compile(Adam::new(1e-3), "mse")?;
    /// let (x, y) = (Array2::<f32>::ones((16, 2)), Array2::<f32>::zeros((16, 1)));
    /// trainer.step(|ctx| {
    ///     let mut loss = Var::scalar(0.0);
    ///     for (x, y) in x.axis_chunks_iter(Axis(0), 4).zip(y.axis_chunks_iter(Axis(0), 4)) {
    ///         let x = ctx.inputs(&x);
    ///         loss = loss + ctx.loss(ctx.value(&y), ctx.model.call(x)) / 4;
    ///     }
    ///     // Small changes of the input shall change little.
    ///     let x = ctx.inputs(&x);
    ///     tape::add_loss("smooth", (ctx.model.call(x + 0.1) - ctx.model.call(x)).square().mean());
    ///     loss
    /// })?;
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// The first error of what the closure calls; a loss, gradient, weight or variable that is not
    /// finite; a variable that is nobody's ([`Trainer::add_variable`]); [`Error::NoGradient`] for a
    /// step that would change nothing. Then nothing has changed, and neither has it if the closure
    /// panics.
    pub fn step(&mut self, step: impl FnOnce(&StepContext<'_, M>) -> Var) -> Result<Logs, Error> {
        let trainable = self.trainable();
        let weights: Vec<u64> = self.model.parameters().iter().map(|(_, w)| w.id()).collect();
        let core = &self.core;
        let context = StepContext { model: &self.model, core, culprit: Cell::new(None) };
        let result = core.transact(&self.model, Some(&trainable), None, || {
            let value = step(&context);
            Ok(core.own_losses(value, &weights))
        });
        let mut outcome = result.map_err(|e| core.name_loss(e, context.culprit.get()))?;
        if outcome.is_idle() {
            return Err(Error::NoGradient);
        }
        self.core.commit(&mut outcome, None)?;
        let mut totals = Totals::default();
        totals.add(&outcome, Vec::new());
        Ok(self.with_variables(totals.logs(&self.core)))
    }
}
