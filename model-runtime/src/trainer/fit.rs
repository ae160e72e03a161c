use std::ops::Range;

use model_spec::Shape;

use super::set::Set;
use super::step::Totals;
use super::{Evaluate, Fit, Trainer};
use crate::error::At;
use crate::float::written;
use crate::progress::Progress;
use crate::seed::Generator;
use crate::{Data, Error, Float, Functional, History, Logs};

/// Tells the random numbers of the orders from those of the steps.
const ORDERS: u64 = 0x6f72_6465_7273;

impl<M: Functional> Trainer<M> {
    /// Trains on these samples, as Keras's `fit`.
    ///
    /// The loss of an epoch is the mean over its samples while the weights changed; validation is
    /// with those at its end. Its names begin with `val_`.
    ///
    /// # Errors
    /// Data and options that do not fit, before anything runs; and the first error of a layer or
    /// loss, or a loss or gradient that is not finite. The weights are then those before the batch
    /// that failed, and training can go on.
    pub fn fit<'a, X, Y>(
        &mut self,
        x: M::Inputs<X>,
        y: M::Outputs<Y>,
        options: Fit<'a, M>,
    ) -> Result<History, Error>
    where
        X: Into<Data<'a>>,
        Y: Into<Data<'a>>,
    {
        options.check()?;
        let mut set = self.set(x, y, options.sample_weight.clone())?;
        if !options.class_weight.is_empty() {
            let output = self.core.graph.outputs.first().map_or(Shape::SCALAR, |o| o.value.shape);
            set.weigh_classes(&options.class_weight, &output)?;
        }
        let held_out = match options.validation.clone() {
            Some((inputs, targets)) => Some(Set::new(&self.core, inputs, targets, None)?),
            None => None,
        };
        let split = split(set.samples, options.validation_split, held_out.is_some())?;
        let validation = match &held_out {
            Some(held_out) => Some((held_out, 0..held_out.samples)),
            None => (split < set.samples).then_some((&set, split..set.samples)),
        };
        self.core.seed = options.seed;
        let steps = split.div_ceil(options.batch_size);
        let steps = options.steps_per_epoch.map_or(steps, |most| most.min(steps));
        let mut progress = Progress::new(options.verbose, options.epochs, steps);
        let mut history = History::default();
        for epoch in options.initial_epoch..options.epochs {
            progress.epoch(epoch);
            let order = order(split, options.shuffle.then_some(options.seed), epoch);
            let batches = order.chunks(options.batch_size).take(steps);
            let mut logs = self.train_epoch(&set, batches, epoch, &mut progress)?;
            if let (Some((set, rows)), true) =
                (&validation, (epoch + 1).is_multiple_of(options.validation_freq))
            {
                let validated = self.measure_set(set, rows.clone(), options.batch_size)?;
                logs.append("val_", validated);
            }
            progress.end_epoch(&logs);
            history.push(epoch, &logs);
        }
        self.core.updater.apply_averages(&self.trainable());
        Ok(history)
    }

    fn train_epoch<'r>(
        &mut self,
        set: &Set<'_>,
        batches: impl Iterator<Item = &'r [usize]>,
        epoch: usize,
        progress: &mut Progress,
    ) -> Result<Logs, Error> {
        let trainable = self.trainable();
        let mut totals = Totals::default();
        for (number, rows) in batches.enumerate() {
            let batch = set.batch(rows, true);
            let at = Some(At { epoch, batch: number });
            let mut outcome =
                self.core.run(&(&self.model, &self.terms), &batch, Some(&trainable), at)?;
            let statistics = self.core.statistics(&batch, &outcome.predictions)?;
            self.core.commit(&mut outcome, at)?;
            totals.add(&outcome, statistics);
            progress.batch(|| self.with_variables(totals.logs(&self.core)));
        }
        Ok(self.with_variables(totals.logs(&self.core)))
    }

    /// The losses and metrics of these samples, 32 at a time.
    ///
    /// # Errors
    /// Data that does not fit, the first error of a layer or loss, and a loss that is not finite.
    pub fn evaluate<'a, X, Y>(&self, x: M::Inputs<X>, y: M::Outputs<Y>) -> Result<Logs, Error>
    where
        X: Into<Data<'a>>,
        Y: Into<Data<'a>>,
    {
        self.evaluate_with(x, y, Evaluate::default())
    }

    /// [`Trainer::evaluate`] with options.
    ///
    /// # Errors
    /// As [`Trainer::evaluate`], and options that do not fit.
    pub fn evaluate_with<'a, X, Y>(
        &self,
        x: M::Inputs<X>,
        y: M::Outputs<Y>,
        options: Evaluate<'a>,
    ) -> Result<Logs, Error>
    where
        X: Into<Data<'a>>,
        Y: Into<Data<'a>>,
    {
        super::check_batch_size(options.batch_size)?;
        let set = self.set(x, y, options.sample_weight)?;
        self.measure_set(&set, 0..set.samples, options.batch_size)
    }

    fn measure_set(
        &self,
        set: &Set<'_>,
        rows: Range<usize>,
        batch_size: usize,
    ) -> Result<Logs, Error> {
        let rows: Vec<usize> = rows.collect();
        let mut totals = Totals::default();
        for rows in rows.chunks(batch_size) {
            let batch = set.batch(rows, false);
            let outcome = self.core.run(&(&self.model, &self.terms), &batch, None, None)?;
            let statistics = self.core.statistics(&batch, &outcome.predictions)?;
            totals.add(&outcome, statistics);
        }
        Ok(totals.logs(&self.core))
    }
}

/// How many of the samples to train on; the rest is to validate with.
fn split(samples: usize, validation_split: Float, given: bool) -> Result<usize, Error> {
    let wrong = |expected| {
        let (name, value) = ("validation_split", validation_split.to_string());
        Err(Error::Option { name, value, expected })
    };
    if validation_split == 0.0 {
        return Ok(samples);
    }
    if given {
        return wrong("left out where validation_data is given");
    }
    // 0.2 in f32 is a little more, which would cost a sample.
    let part = written(validation_split);
    let kept = (samples as f64 * (1.0 - part)).floor() as usize;
    if kept == 0 || kept == samples {
        return wrong("a part that leaves samples both to train and to validate with");
    }
    Ok(kept)
}

/// The samples of an epoch in their order, shuffled if there is a seed.
fn order(samples: usize, seed: Option<u64>, epoch: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..samples).collect();
    if let Some(seed) = seed {
        Generator::stream(seed ^ ORDERS, epoch as u64).shuffle(&mut order);
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_split_is_that_of_keras() {
        assert_eq!(split(10, 0.25, false), Ok(7));
        assert_eq!(split(10, 0.1, false), Ok(9));
        assert_eq!(split(100, 0.2, false), Ok(80));
        assert_eq!(split(1797, 0.2, false), Ok(1437));
        assert_eq!(split(10, 0.2, false), Ok(8));
        assert_eq!(split(10, 0.0, false), Ok(10));
        assert!(split(3, 0.9, false).is_err());
        assert!(split(10, 0.5, true).is_err());
    }

    #[test]
    fn an_order_is_a_permutation_fixed_by_seed_and_epoch() {
        assert_eq!(order(4, None, 3), [0, 1, 2, 3]);
        let shuffled = order(100, Some(1), 0);
        assert_eq!(shuffled, order(100, Some(1), 0));
        assert_ne!(shuffled, order(100, Some(1), 1));
        assert_ne!(shuffled, order(100, Some(2), 0));
        let mut sorted = shuffled;
        sorted.sort_unstable();
        assert_eq!(sorted, order(100, None, 0));
    }
}
