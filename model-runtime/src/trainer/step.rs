//! One batch: forward, loss, and, in training, gradients and what they change.

use std::cell::Cell;
use std::collections::HashSet;
use std::panic::Location;

use ndarray::ArrayViewD;

use super::losses::{Losses, one_number};
use super::pending::Updates;
use super::set::Batch;
use super::terms::{Given, Subject};
use super::update::Gradient;
use super::{Output, TrainerCore};
use crate::error::At;
use crate::float::Scalar;
use crate::metric;
use crate::tape::{Added, Purpose};
use crate::tensor::Tensor;
use crate::{Error, Float, Graph, Layer, Mode, Parameter, Var, Vars, pool, tape};

/// What a batch came to.
pub(super) struct Outcome<'t> {
    pub samples: usize,
    /// The total loss.
    pub loss: Float,
    /// That of each output, 0 where there is none.
    pub losses: Vec<Float>,
    /// What has been added to the loss or measured, by name.
    terms: Vec<(String, Float)>,
    pub predictions: Vec<Prediction>,
    /// The weights to change, with their gradients.
    gradients: Vec<Gradient<'t>>,
    updates: Updates,
}

impl Outcome<'_> {
    /// The paths of the weights that the loss does not depend on.
    pub fn without_gradient<'a>(&self, trainable: &'a [(String, Parameter)]) -> Vec<&'a str> {
        let known: HashSet<&str> = self.gradients.iter().map(|it| it.path).collect();
        let paths = trainable.iter().map(|(path, _)| path.as_str());
        paths.filter(|path| !known.contains(path)).collect()
    }

    /// Whether the step has nothing to change.
    pub fn is_idle(&self) -> bool {
        self.gradients.is_empty() && self.updates.is_empty()
    }
}

/// An output's numbers, and which of its positions count.
pub(super) struct Prediction {
    numbers: Tensor,
    mask: Option<Tensor>,
}

/// What is computed before gradients are: the total loss, and what is to be known of it.
pub(super) struct Forward {
    pub samples: usize,
    pub losses: Losses,
    pub added: Vec<Added>,
    pub predictions: Vec<Prediction>,
}

impl TrainerCore {
    /// Runs a batch. Nothing has changed when it returns, or when something in it panics.
    pub(super) fn run<'t>(
        &self,
        subject: &dyn Subject,
        batch: &Batch,
        trainable: Option<&'t [(String, Parameter)]>,
        at: Option<At>,
    ) -> Result<Outcome<'t>, Error> {
        let (model, culprit) = (subject.layer(), Cell::new(None));
        let result = self.transact(model, trainable, at, || {
            let constant = |tensor: &Tensor| tape::constant(tensor.clone());
            let inputs: Vec<Var> = batch.inputs.iter().map(constant).collect();
            let targets: Vec<_> = batch.targets.iter().map(|t| t.as_ref().map(constant)).collect();
            let predictions = outputs(model.call(&inputs), self.graph, batch.samples)?;
            let given = Given { inputs: &inputs, outputs: &predictions, targets: &targets };
            let mut added = tape::take_added();
            let losses = self.losses(subject, batch, &given, &mut added, &culprit)?;
            let predictions = predictions.iter().map(|var| Prediction::of(*var)).collect();
            Ok(Forward { samples: batch.samples, losses, added, predictions })
        });
        result.map_err(|error| self.name_loss(error, culprit.get()))
    }

    /// Runs a step: what `forward` computes, then, in training, its gradients and updates. The one
    /// way from a loss to what it changes; nothing has changed when it returns.
    pub(super) fn transact<'t>(
        &self,
        model: &dyn Layer,
        trainable: Option<&'t [(String, Parameter)]>,
        at: Option<At>,
        forward: impl FnOnce() -> Result<Forward, Error>,
    ) -> Result<Outcome<'t>, Error> {
        let mode = if trainable.is_some() { Mode::Training } else { Mode::Inference };
        let result = tape::run_seeded(mode, self.step_seed(), || {
            tape::want(trainable.unwrap_or_default().iter().map(|(_, weight)| weight.id()));
            let Forward { samples, losses: Losses { total, each }, added, predictions } =
                forward()?;
            if total.is_poison() {
                // The step returns the error that the tape has recorded.
                return Err(Error::NoLoss);
            }
            let loss = number(total);
            if !loss.is_finite() {
                return Err(Error::LossNotFinite { at, value: loss });
            }
            // Before the way back, which gives values back.
            let losses = each.iter().map(|loss| loss.map_or(0.0, number)).collect();
            let terms = values_of(&added);
            let (gradients, updates) = match trainable {
                Some(trainable) => {
                    let updates = Updates::collect(self, model, trainable, at);
                    (gradients(total, trainable, at)?, updates?)
                }
                None => (Vec::new(), Updates::NONE),
            };
            Ok(Outcome { samples, loss, losses, terms, predictions, gradients, updates })
        });
        result.unwrap_or_else(Err)
    }

    /// What the metrics of each output add up of a batch.
    pub(super) fn statistics(
        &self,
        batch: &Batch,
        predictions: &[Prediction],
    ) -> Result<Vec<Vec<Vec<f64>>>, Error> {
        let ones = pool::full(batch.samples, 1.0);
        let nothing = Tensor::scalar(Float::NAN);
        let of_output = |(i, output): (usize, &Output)| {
            let of_metric = |measured: &super::Measured| {
                let weights = match &batch.weights {
                    Some(weights) if measured.weighted => &weights[..],
                    _ => &ones[..],
                };
                let y_true = view(batch.targets[i].as_ref().unwrap_or(&nothing));
                let y_pred = view(&predictions[i].numbers);
                let mask = predictions[i].mask.as_ref().map(view);
                let batch_of = metric::Batch { y_true, y_pred, weights, mask };
                let sums = measured.metric.statistics(&batch_of)?;
                if batch.targets[i].is_none() && sums.iter().any(|sum| sum.is_nan()) {
                    return Err(Error::NoData { data: output.target_name() });
                }
                Ok(sums)
            };
            output.metrics.iter().map(of_metric).collect()
        };
        self.outputs.iter().enumerate().map(of_output).collect()
    }

    /// Changes the weights, and what the optimizer remembers of them; nothing, if that is an error.
    pub(super) fn commit(
        &mut self,
        outcome: &mut Outcome<'_>,
        at: Option<At>,
    ) -> Result<(), Error> {
        let mut updates = std::mem::replace(&mut outcome.updates, Updates::NONE);
        let assigned = updates.assign();
        self.updater.step(std::mem::take(&mut outcome.gradients), at)?;
        assigned.keep();
        self.step += 1;
        updates.commit();
        Ok(())
    }
}

impl Prediction {
    fn of(var: Var) -> Prediction {
        Prediction { numbers: var.tensor(), mask: var.mask().map(Var::tensor) }
    }
}

fn view(tensor: &Tensor) -> ArrayViewD<'_, Float> {
    ArrayViewD::from_shape(tensor.shape().dims(), tensor.data())
        .expect("a tensor holds as many numbers as its shape says")
}

/// Names with their values: losses of one name are summed, of metrics the mean is taken.
fn values_of(added: &[Added]) -> Vec<(String, Float)> {
    let mut values: Vec<(String, Float)> = Vec::new();
    for term in added.iter().filter(|term| !term.value.is_poison()) {
        if values.iter().any(|(name, _)| *name == term.name) {
            continue;
        }
        let same = added.iter().filter(|other| other.name == term.name);
        let numbers: Vec<Float> = same.map(|other| number(one_number(other.value))).collect();
        let sum: Float = numbers.iter().sum();
        let value = match term.purpose {
            Purpose::Loss => sum,
            Purpose::Metric => sum / numbers.len() as Float,
        };
        values.push((term.name.clone(), value));
    }
    values
}

pub(super) fn number(var: Var) -> Float {
    var.tensor().data().first().copied().unwrap_or(0.0)
}

/// The outputs of a model, as many as its graph says, each with a row for each sample.
pub(super) fn outputs(outputs: Vars, graph: &Graph, samples: usize) -> Result<Vars, Error> {
    if outputs.len() != graph.outputs.len() {
        let (expected, got) = (graph.outputs.len(), outputs.len());
        return Err(Error::Outputs { expected, got, location: Location::caller() });
    }
    for (var, port) in outputs.iter().zip(graph.outputs) {
        check_rows(*var, port.name, samples)?;
    }
    Ok(outputs)
}

/// Refuses an output without a row for each sample.
pub(super) fn check_rows(var: Var, output: &str, samples: usize) -> Result<(), Error> {
    let shape = var.shape();
    if var.is_poison() || shape.rank() > 0 && shape.dim(0) == samples {
        return Ok(());
    }
    Err(Error::OutputSamples { output: output.to_owned(), samples, got: shape.dims().to_vec() })
}

/// The gradients of the weights, all of them finite.
fn gradients<'t>(
    total: Var,
    trainable: &'t [(String, Parameter)],
    at: Option<At>,
) -> Result<Vec<Gradient<'t>>, Error> {
    let mut all = tape::backward(total);
    let mut gradients = Vec::with_capacity(trainable.len());
    for (path, parameter) in trainable {
        let Some(numbers) = all.take(parameter) else { continue };
        let gradient = Gradient::new(path, parameter, numbers);
        if !gradient.is_finite() {
            return Err(Error::GradientNotFinite { at, weight: path.clone() });
        }
        gradients.push(gradient);
    }
    Ok(gradients)
}

/// The sums of the outcomes of several batches.
#[derive(Clone, Debug, Default)]
pub(super) struct Totals {
    pub samples: f64,
    pub loss: f64,
    pub losses: Vec<f64>,
    pub terms: Vec<(String, f64)>,
    /// By output and metric.
    pub statistics: Vec<Vec<Vec<f64>>>,
}

impl Totals {
    pub fn add(&mut self, outcome: &Outcome<'_>, statistics: Vec<Vec<Vec<f64>>>) {
        let samples = outcome.samples as f64;
        self.samples += samples;
        self.loss += samples * outcome.loss.as_f64();
        self.losses.resize(outcome.losses.len(), 0.0);
        for (sum, loss) in self.losses.iter_mut().zip(&outcome.losses) {
            *sum += samples * loss.as_f64();
        }
        for (name, value) in &outcome.terms {
            let value = samples * value.as_f64();
            match self.terms.iter_mut().find(|(known, _)| known == name) {
                Some((_, sum)) => *sum += value,
                None => self.terms.push((name.clone(), value)),
            }
        }
        if self.statistics.is_empty() {
            self.statistics = statistics;
            return;
        }
        for (sums, more) in self.statistics.iter_mut().zip(statistics) {
            for (sums, more) in sums.iter_mut().zip(more) {
                sums.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
            }
        }
    }

    /// Whether nothing has been added.
    pub fn is_empty(&self) -> bool {
        self.samples == 0.0
    }

    /// Refuses statistics of other metrics than those that have been added: what a file said can be
    /// anything.
    pub fn check(&self, more: &[Vec<Vec<f64>>]) -> Result<(), Error> {
        let counts = |all: &[Vec<Vec<f64>>]| -> Vec<Vec<usize>> {
            all.iter().map(|of_output| of_output.iter().map(Vec::len).collect()).collect()
        };
        if self.statistics.is_empty() || counts(&self.statistics) == counts(more) {
            return Ok(());
        }
        let (name, value) = ("metrics", "others than those of the state".to_owned());
        Err(Error::Option { name, value, expected: "those with which the state was saved" })
    }

    /// Forgets the losses, and keeps what the metrics have added up.
    pub fn forget_losses(&mut self) {
        *self = Totals { statistics: std::mem::take(&mut self.statistics), ..Totals::default() };
    }

    pub fn logs(&self, core: &TrainerCore) -> crate::Logs {
        let mut logs = crate::Logs::default();
        let samples = self.samples.max(1.0);
        logs.push("loss".to_owned(), Float::of(self.loss / samples));
        let several = core.outputs.len() > 1;
        for (output, loss) in core.outputs.iter().zip(&self.losses) {
            if several && output.loss.is_some() {
                logs.push(format!("{}_loss", output.name), Float::of(loss / samples));
            }
        }
        for (name, sum) in &self.terms {
            let own = core.terms.iter().any(|term| term == name);
            let name = if own { name.clone() } else { core.free_name(name.clone()) };
            logs.push(name, Float::of(sum / samples));
        }
        for (output, sums) in core.outputs.iter().zip(&self.statistics) {
            for (measured, sums) in output.metrics.iter().zip(sums) {
                match measured.metric.result(sums).as_slice() {
                    [value] => logs.push(measured.name.clone(), *value),
                    values => {
                        let numbered = values.iter().enumerate();
                        numbered
                            .for_each(|(i, v)| logs.push(format!("{}[{i}]", measured.name), *v));
                    }
                }
            }
        }
        logs
    }
}
