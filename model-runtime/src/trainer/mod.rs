//! Training: a model with an optimizer and losses.

mod batches;
mod checkpoint;
mod clip;
mod evaluate;
mod fit;
mod interrupt;
mod losses;
mod memory;
mod on_batch;
mod options;
mod own_step;
mod pending;
mod predict;
mod rates;
mod run;
mod set;
mod source;
mod state;
mod step;
mod terms;
#[cfg(test)]
mod tests;
mod update;
mod variables;
mod watch;

use ndarray::ArrayD;

pub use batches::{Batch, Batches, IntoBatch};
pub use on_batch::OnBatch;
pub use options::{Evaluate, Fit, Predict};
pub use own_step::StepContext;
pub(crate) use predict::{predict, predict_on_batch, predict_on_batch_into};
pub use run::{Direction, Stopper};
pub use state::{SlotState, TrainerState};
pub use terms::{LossContext, LossTerm};

use self::run::Run;
use self::set::Set;
use self::step::Totals;
use self::terms::Terms;
use self::update::Updater;
use crate::callbacks::CallbackState;
use crate::error::At;
use crate::graph::Graph;
use crate::model::path;
use crate::seed::Generator;
use crate::{
    Data, Error, Float, Functional, IntoMetrics, IntoOptimizer, IntoPorts, Loss, Metric,
    MultiOptimizer, Parameter, Variable,
};

/// A model that can be trained: what [`Functional::compile`] returns.
pub struct Trainer<M: Functional> {
    model: M,
    terms: Terms<M>,
    core: TrainerCore,
    /// Of `train_on_batch` and `test_on_batch`, since the last `reset_metrics`.
    trained: Totals,
    tested: Totals,
}

/// All of a trainer but the model and its types.
struct TrainerCore {
    graph: &'static Graph,
    updater: Updater,
    outputs: Vec<Output>,
    /// The names of the loss terms from outside.
    terms: Vec<String>,
    /// The variables beside the model's that steps may update: those of losses and loss terms, and
    /// those that were added; under a name that no other of them has.
    variables: Vec<(String, Variable)>,
    /// How many steps have been taken.
    step: u64,
    /// Of the random numbers that layers draw.
    seed: u64,
    /// Where `fit` stands.
    position: Position,
    /// What its callbacks counted when they were asked last.
    callbacks: Vec<CallbackState>,
    running: Run,
}

/// Where a training stands between two batches.
#[derive(Default)]
struct Position {
    /// The next batch.
    at: At,
    /// Of the batches of this epoch so far.
    totals: Totals,
}

/// What is wanted of an output.
struct Output {
    name: &'static str,
    loss: Option<Box<dyn Loss>>,
    weight: Float,
    metrics: Vec<Measured>,
}

struct Measured {
    /// The name in logs.
    name: String,
    metric: Box<dyn Metric>,
    /// Whether sample weights count.
    weighted: bool,
}

impl Output {
    fn target_name(&self) -> String {
        format!("the target of `{}`", self.name)
    }

    fn loss_name(&self) -> String {
        self.loss.as_ref().map_or_else(String::new, |loss| loss.name())
    }

    fn needs_target(&self) -> bool {
        self.metrics.iter().any(|measured| measured.metric.needs_target())
            || self.loss.as_ref().is_some_and(|loss| loss.needs_target())
    }

    fn is_measured(&self) -> bool {
        !self.metrics.is_empty() || self.loss.is_some()
    }
}

impl TrainerCore {
    fn new(
        graph: &'static Graph,
        optimizer: MultiOptimizer,
        weights: &[(String, Parameter)],
        losses: Vec<Option<Box<dyn Loss>>>,
    ) -> Result<TrainerCore, Error> {
        let output = |(port, loss): (&crate::graph::Port, Option<Box<dyn Loss>>)| Output {
            name: port.name,
            loss,
            weight: 1.0,
            metrics: Vec::new(),
        };
        let mut core = TrainerCore {
            graph,
            updater: Updater::new(optimizer, weights)?,
            outputs: graph.outputs.iter().zip(losses).map(output).collect(),
            terms: Vec::new(),
            variables: Vec::new(),
            step: 0,
            seed: 0,
            position: Position::default(),
            callbacks: Vec::new(),
            running: Run::default(),
        };
        core.add_variables_of_losses();
        Ok(core)
    }

    /// The seed of the next step: the same again, if the step fails.
    fn step_seed(&self) -> u64 {
        Generator::stream(self.seed, self.step).below(usize::MAX) as u64
    }

    /// What a metric is called in logs: Keras's rules, and a number where a name is taken.
    fn metric_name(&self, output: &Output, name: String, weighted: bool) -> String {
        let mut name =
            if self.outputs.len() > 1 { format!("{}_{name}", output.name) } else { name };
        if weighted && self.is_taken(&name) {
            name = format!("weighted_{name}");
        }
        self.free_name(name)
    }

    /// Measures an output with one more metric.
    fn measure(&mut self, output: usize, metric: Box<dyn Metric>, weighted: bool) {
        let name = self.metric_name(&self.outputs[output], metric.name(), weighted);
        self.outputs[output].metrics.push(Measured { name, metric, weighted });
    }

    /// The name, with a number where it is taken.
    fn free_name(&self, name: String) -> String {
        let numbered = (1..).map(|i| format!("{name}_{i}"));
        let mut names = std::iter::once(name.clone()).chain(numbered);
        names.find(|name| !self.is_taken(name)).unwrap_or(name)
    }

    /// Whether something in the logs has this name.
    fn is_taken(&self, name: &str) -> bool {
        let losses = self.outputs.iter().map(|output| format!("{}_loss", output.name));
        let metrics = self.outputs.iter().flat_map(|output| &output.metrics);
        name == "loss"
            || self.outputs.len() > 1 && losses.into_iter().any(|loss| loss == name)
            || self.terms.iter().any(|term| term == name)
            || metrics.into_iter().any(|measured| measured.name == name)
    }
}

fn check_batch_size(batch_size: usize) -> Result<(), Error> {
    if batch_size > 0 {
        return Ok(());
    }
    Err(Error::Option { name: "batch_size", value: "0".to_owned(), expected: "1 or more" })
}

impl<M: Functional> Trainer<M> {
    pub(crate) fn new(
        model: M,
        optimizer: impl IntoOptimizer,
        losses: Vec<Option<Box<dyn Loss>>>,
    ) -> Result<Trainer<M>, Error> {
        let optimizer = optimizer.into_optimizer()?;
        let core = TrainerCore::new(model.graph(), optimizer, &model.parameters(), losses)?;
        let (trained, tested) = (Totals::default(), Totals::default());
        Ok(Trainer { model, terms: Terms::new(), core, trained, tested })
    }

    /// Measures more: a list of metrics for each output, such as `["accuracy"]`; see
    /// [`metric`](crate::metric) for closures and for lists of several types. As in Keras, sample
    /// weights do not count; see [`Trainer::with_weighted_metrics`]. Of several outputs, logs have
    /// the output's name before the metric's.
    ///
    /// # Errors
    /// [`Error::UnknownName`] for a name that no metric has.
    pub fn with_metrics<I: IntoMetrics>(self, metrics: M::Outputs<I>) -> Result<Trainer<M>, Error> {
        self.measure(M::outputs_to_vec(metrics), false)
    }

    /// As [`Trainer::with_metrics`], but sample and class weights count.
    ///
    /// ```
    /// use model_runtime::prelude::*;
    /// use ndarray::array;
    /// let net = model! { x = Input(1); Identity()(x) };
    /// let trainer = net.compile("sgd", "mse")?.with_metrics(["mae"])?;
    /// let trainer = trainer.with_weighted_metrics(["mse".with_name("weighted")])?;
    /// let options = Evaluate::default().sample_weight(ndarray::arr1(&[3.0, 1.0]));
    /// let logs = trainer.evaluate_with(&array![[1.0], [2.0]], &array![[0.0], [0.0]], options)?;
    /// assert_eq!(logs["mae"], (1.0 + 2.0) / 2.0);
    /// assert_eq!(logs["weighted"], (3.0 * 1.0 + 1.0 * 4.0) / 4.0);
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::UnknownName`] for a name that no metric has.
    pub fn with_weighted_metrics<I: IntoMetrics>(
        self,
        metrics: M::Outputs<I>,
    ) -> Result<Trainer<M>, Error> {
        self.measure(M::outputs_to_vec(metrics), true)
    }

    fn measure(
        mut self,
        metrics: Vec<impl IntoMetrics>,
        weighted: bool,
    ) -> Result<Trainer<M>, Error> {
        for (i, metrics) in metrics.into_iter().enumerate() {
            for metric in metrics.into_metrics(&self.core.outputs[i].loss_name())? {
                self.core.measure(i, metric, weighted);
            }
        }
        Ok(self)
    }

    /// How much the loss of each output counts in the total; 1 by default.
    ///
    /// ```
    /// use model_runtime::prelude::*;
    /// use ndarray::array;
    ///
    /// model! {
    ///     struct Net {
    ///         x = Input(1);
    ///         (same = Identity()(x), double = x * 2)
    ///     }
    /// }
    ///
    /// # fn main() -> Result<(), Error> {
    /// let losses = NetOutputs { same: "mse", double: "mse" };
    /// let weights = NetOutputs { same: 1.0, double: 0.5 };
    /// let trainer: Trainer<Net> = Net::new(0).compile("sgd", losses)?.with_loss_weights(weights)?;
    /// let y = NetOutputs { same: array![[0.0]], double: array![[0.0]] };
    /// let logs = trainer.evaluate(&array![[3.0]], y)?;
    /// assert_eq!(logs["loss"], 9.0 + 0.5 * 36.0);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Option`] for a number that is not finite.
    pub fn with_loss_weights(mut self, weights: M::Outputs<Float>) -> Result<Trainer<M>, Error> {
        for (output, weight) in self.core.outputs.iter_mut().zip(M::outputs_to_vec(weights)) {
            if !weight.is_finite() {
                let (name, value) = ("loss_weights", weight.to_string());
                return Err(Error::Option { name, value, expected: "a finite number" });
            }
            output.weight = weight;
        }
        Ok(self)
    }

    /// The model.
    pub fn model(&self) -> &M {
        &self.model
    }

    /// The model, to be changed.
    ///
    /// ```
    /// use model_runtime::prelude::*;
    /// let net = model! { x = Input(2); Dense(1)(x) };
    /// let mut trainer = net.compile("sgd", "mse")?;
    /// let before = trainer.model().get_weights();
    /// trainer.model_mut().reset(1);
    /// assert_ne!(trainer.model().get_weights(), before);
    /// # Ok::<(), Error>(())
    /// ```
    pub fn model_mut(&mut self) -> &mut M {
        &mut self.model
    }

    /// The model alone.
    pub fn into_model(self) -> M {
        self.model
    }

    /// Forgets what metrics have measured in [`Trainer::train_on_batch`] and
    /// [`Trainer::test_on_batch`].
    ///
    /// ```
    /// use model_runtime::prelude::*;
    /// use ndarray::array;
    /// let net = model! { x = Input(1); Identity()(x) };
    /// let mut trainer = net.compile("sgd", "mse")?.with_metrics(["mae"])?;
    /// trainer.test_on_batch(&array![[1.0]], &array![[0.0]])?;
    /// let logs = trainer.test_on_batch(&array![[3.0]], &array![[0.0]])?;
    /// assert_eq!((logs["loss"], logs["mae"]), (9.0, 2.0));
    /// trainer.reset_metrics();
    /// assert_eq!(trainer.test_on_batch(&array![[3.0]], &array![[0.0]])?["mae"], 3.0);
    /// # Ok::<(), Error>(())
    /// ```
    pub fn reset_metrics(&mut self) {
        self.trained = Totals::default();
        self.tested = Totals::default();
    }

    /// Predicts, 32 samples at a time; see [`Functional::predict`].
    ///
    /// # Errors
    /// Inputs that are not the model's, and the first error of its layers.
    pub fn predict<'a>(
        &self,
        x: impl IntoPorts<M::Inputs<Data<'a>>>,
    ) -> Result<M::Outputs<ArrayD<Float>>, Error> {
        self.model.predict(x)
    }

    /// Predicts all samples at once.
    ///
    /// # Errors
    /// As [`Trainer::predict`].
    pub fn predict_on_batch<'a>(
        &self,
        x: impl IntoPorts<M::Inputs<Data<'a>>>,
    ) -> Result<M::Outputs<ArrayD<Float>>, Error> {
        self.model.predict_on_batch(x)
    }

    /// Predicts all samples at once, into arrays that are there; see
    /// [`Functional::predict_on_batch_into`].
    ///
    /// # Errors
    /// As [`Trainer::predict`]. Then nothing has been written.
    pub fn predict_on_batch_into<'a>(
        &self,
        x: impl IntoPorts<M::Inputs<Data<'a>>>,
        outputs: M::Outputs<&mut ArrayD<Float>>,
    ) -> Result<(), Error> {
        self.model.predict_on_batch_into(x, outputs)
    }

    fn set<'a>(
        &self,
        x: impl IntoPorts<M::Inputs<Data<'a>>>,
        y: impl IntoPorts<M::Outputs<Data<'a>>>,
        sample_weight: Option<Data<'a>>,
    ) -> Result<Set<'a>, Error> {
        let (inputs, targets) = data::<M>(x, y);
        Set::new(&self.core, inputs, targets, sample_weight)
    }

    /// The weights that training changes, each once, with their paths.
    fn trainable(&self) -> Vec<(String, Parameter)> {
        path::trainable(&|visitor| self.model.visit(visitor))
    }
}

/// Inputs and targets in the order of the model's.
fn data<'a, M: Functional>(
    x: impl IntoPorts<M::Inputs<Data<'a>>>,
    y: impl IntoPorts<M::Outputs<Data<'a>>>,
) -> (Vec<Data<'a>>, Vec<Data<'a>>) {
    (M::inputs_to_vec(x.into_ports()), M::outputs_to_vec(y.into_ports()))
}
