//! The losses of outputs and the terms beside them, as values of a step.

use std::cell::Cell;

use super::TrainerCore;
use super::set::Batch;
use super::step::number;
use super::terms::{self, Given, Subject};
use crate::loss::{Loss, PerSample};
use crate::tape::{Added, Purpose};
use crate::{Error, Float, Mode, Var, tape};

/// The loss of a step.
pub(super) struct Losses {
    pub total: Var,
    /// That of each output.
    pub each: Vec<Option<Var>>,
}

/// The sum of the parts so far.
#[derive(Default)]
pub(super) struct Sum(Option<Var>);

impl Sum {
    pub fn add(&mut self, part: Var, weight: Float) {
        let part = if weight == 1.0 { part } else { part * weight };
        self.0 = Some(self.0.map_or(part, |total| total + part));
    }

    /// Adds what layers and models have added to the loss.
    pub fn add_terms(&mut self, of_layers: &[Var], added: &[Added]) {
        of_layers.iter().for_each(|value| self.add(one_number(*value), 1.0));
        for term in added.iter().filter(|term| term.purpose == Purpose::Loss) {
            self.add(one_number(term.value), term.weight);
        }
    }

    pub fn total(self) -> Option<Var> {
        self.0
    }
}

impl TrainerCore {
    /// The weighted losses of all outputs and the terms that layers and the model have added, as
    /// one number; with the terms from outside, which join those of the model.
    pub(super) fn losses(
        &self,
        subject: &dyn Subject,
        batch: &Batch,
        given: &Given<'_>,
        added: &mut Vec<Added>,
        culprit: &Cell<Option<usize>>,
    ) -> Result<Losses, Error> {
        // Models that losses and terms call add nothing.
        let of_layers: Vec<Var> = tape::terms().iter().map(|term| term.value).collect();
        let weights = batch.weights.as_deref();
        let (mut sum, each) = self.of_outputs(given, batch.samples, weights, culprit);
        terms::join(&self.terms, subject.terms(given), batch.samples, added)?;
        sum.add_terms(&of_layers, added);
        let measured = self.outputs.iter().any(|output| !output.metrics.is_empty());
        let total = match sum.total() {
            Some(total) => total,
            None if measured && tape::mode() == Mode::Inference => Var::scalar(0.0),
            None => return Err(Error::NoLoss),
        };
        if !number(total).is_finite() {
            self.needed_targets(given, &each)?;
        }
        Ok(Losses { total, each })
    }

    /// The weighted losses of the outputs, summed and each for itself; `culprit` is then the first
    /// that has failed.
    pub(super) fn of_outputs(
        &self,
        given: &Given<'_>,
        samples: usize,
        weights: Option<&[Float]>,
        culprit: &Cell<Option<usize>>,
    ) -> (Sum, Vec<Option<Var>>) {
        let (mut sum, mut each) = (Sum::default(), Vec::new());
        for (i, (output, prediction)) in self.outputs.iter().zip(given.outputs).enumerate() {
            let Some(loss) = &output.loss else {
                each.push(None);
                continue;
            };
            let y_true = given.targets[i].unwrap_or_else(|| Var::scalar(Float::NAN));
            let per_sample = of_samples(loss.as_ref(), y_true, *prediction, samples);
            let reduced = loss.reduction().reduce(per_sample, weights);
            if reduced.is_poison() && culprit.get().is_none() {
                culprit.set(Some(i));
            }
            sum.add(reduced, output.weight);
            each.push(Some(reduced));
        }
        (sum, each)
    }

    /// Where a loss is NaN, the error that it has used a target that is not there.
    fn needed_targets(&self, given: &Given<'_>, each: &[Option<Var>]) -> Result<(), Error> {
        for ((output, loss), target) in self.outputs.iter().zip(each).zip(given.targets) {
            if target.is_none() && loss.is_some_and(|loss| number(loss).is_nan()) {
                return Err(Error::NoData { data: output.target_name() });
            }
        }
        Ok(())
    }

    /// Gives an error about a loss the loss's name.
    pub(super) fn name_loss(&self, error: Error, culprit: Option<usize>) -> Error {
        match (error, culprit) {
            (Error::NotPerSample { loss: None, got, location, samples }, Some(output)) => {
                let loss = Some(self.outputs[output].loss_name());
                Error::NotPerSample { loss, got, location, samples }
            }
            (error, _) => error,
        }
    }
}

/// The value, or the mean over its samples.
pub(super) fn one_number(value: Var) -> Var {
    if value.shape().rank() == 0 { value } else { value.mean() }
}

/// A loss of as many samples as there are; what the prediction's mask leaves out does not count.
fn of_samples(loss: &dyn Loss, y_true: Var, y_pred: Var, samples: usize) -> PerSample {
    let per_sample = tape::strict(|| loss.per_sample(y_true, y_pred));
    let shape = per_sample.var().shape();
    if per_sample.var().is_poison() || shape.dim(0) == samples {
        return per_sample.with_mask_of(y_pred);
    }
    let (got, samples) = (shape.dims().to_vec(), Some(samples));
    PerSample::new(tape::fail(Error::NotPerSample { loss: None, got, samples, location: None }))
}
