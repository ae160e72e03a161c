use std::ops::Range;
use std::sync::mpsc::sync_channel;
use std::thread;

use model_spec::Shape;

use super::batches::{Batches, Stream};
use super::interrupt::Interrupt;
use super::run::Running;
use super::set::{Batch, Set};
use super::step::Totals;
use super::{Evaluate, Fit, Position, Trainer, TrainerCore};
use crate::callbacks::{Callback, Callbacks};
use crate::error::At;
use crate::float::written;
use crate::progress::Progress;
use crate::seed::Generator;
use crate::{Data, Error, Float, Functional, History, Logs, Parameter};

/// Tells the random numbers of the orders from those of the steps.
const ORDERS: u64 = 0x6f72_6465_7273;

impl<M: Functional> Trainer<M> {
    /// Trains on these samples, as Keras's `fit`.
    ///
    /// The loss of an epoch is the mean over its samples while the weights changed; validation is
    /// with those at its end. Its names begin with `val_`.
    ///
    /// # Errors
    /// Data and options that do not fit, before anything runs; and the first error of a callback, a
    /// layer or loss, or a loss or gradient that is not finite. The weights are then those before
    /// the batch that failed, and training can go on.
    pub fn fit<'a, X, Y>(
        &mut self,
        x: M::Inputs<X>,
        y: M::Outputs<Y>,
        mut options: Fit<'a, M>,
    ) -> Result<History, Error>
    where
        X: Into<Data<'a>>,
        Y: Into<Data<'a>>,
    {
        options.check()?;
        let _running = Running::begin(&self.core.running)?;
        let mut set = self.set(x, y, options.sample_weight.take())?;
        if !options.class_weight.is_empty() {
            let output = self.core.graph.outputs.first().map_or(Shape::SCALAR, |o| o.value.shape);
            set.weigh_classes(&options.class_weight, &output)?;
        }
        let held_out = self.held_out(&mut options)?;
        let split = split(set.samples, options.validation_split, held_out.is_some())?;
        let validation = match &held_out {
            Some(held_out) => Some((held_out, 0..held_out.samples)),
            None => (split < set.samples).then_some((&set, split..set.samples)),
        };
        let steps = split.div_ceil(options.batch_size);
        let steps = options.steps_per_epoch.map_or(steps, |most| most.min(steps));
        let (batch_size, shuffle) = (options.batch_size, options.shuffle);
        let mut source = Arrays { set: &set, samples: split, batch_size, shuffle, order: vec![] };
        self.train(&mut source, validation, steps, options)
    }

    /// Trains on batches that are made on the way, as Keras's `fit` on a generator.
    ///
    /// Batches are made on another thread while the model trains, so a slow disk costs nothing as
    /// long as it keeps up. The thread ends with `fit`, which waits for the batch that is being
    /// made. Of the options, those that divide one array of samples do not count (`batch_size`
    /// does for validation, `shuffle` is up to what makes the batches). With [`Fit::resume`], as
    /// many batches are passed over as have been trained on, so give them from the beginning.
    ///
    /// # Errors
    /// As [`Trainer::fit`]; [`Error::Batches`] for an error or a panic in what makes the batches,
    /// and when they end too early. The weights are then those after the last batch, and training
    /// can go on.
    pub fn fit_batches<'a>(
        &mut self,
        batches: Batches<'a, M>,
        mut options: Fit<'a, M>,
    ) -> Result<History, Error> {
        options.check()?;
        options.check_for_batches(batches.is_single())?;
        let _running = Running::begin(&self.core.running)?;
        let held_out = self.held_out(&mut options)?;
        let validation = held_out.as_ref().map(|held_out| (held_out, 0..held_out.samples));
        let done = if options.resume { self.core.position.at } else { At::default() };
        let (run, skip) = match options.steps_per_epoch {
            Some(steps) => (0, done.epoch.saturating_mul(steps).saturating_add(done.batch)),
            None => (done.epoch.max(options.initial_epoch), done.batch),
        };
        let (sender, receiver) = sync_channel(batches.waiting());
        let producer = batches.producer(run, skip);
        thread::scope(|scope| {
            let thread = thread::Builder::new().name("batches".to_owned());
            let started = thread.spawn_scoped(scope, move || producer.produce(&sender));
            started.map_err(|why| Error::Batches { why: format!("no thread started: {why}") })?;
            let mut stream = Stream {
                // It goes with this closure, which ends the thread.
                receiver,
                class_weight: std::mem::take(&mut options.class_weight),
                ends_epochs: options.steps_per_epoch.is_none(),
                has_given: skip > 0,
            };
            let steps = options.steps_per_epoch.unwrap_or(usize::MAX);
            self.train(&mut stream, validation, steps, options)
        })
    }

    /// What to validate with, if it is given.
    fn held_out<'a>(&self, options: &mut Fit<'a, M>) -> Result<Option<Set<'a>>, Error> {
        let given = options.validation.take();
        let weight = options.validation_weight.take();
        given.map(|(inputs, targets)| Set::new(&self.core, inputs, targets, weight)).transpose()
    }

    /// Trains on the batches of a source, `steps` of it in an epoch at most.
    fn train<'a>(
        &mut self,
        source: &mut dyn Source,
        validation: Option<(&Set<'a>, Range<usize>)>,
        steps: usize,
        mut options: Fit<'a, M>,
    ) -> Result<History, Error> {
        let interrupt = options.stop_on_ctrl_c.then(Interrupt::begin).transpose()?;
        self.core.running.begin(validation.is_some());
        if !options.resume || self.core.position.at == At::default() {
            self.core.seed = options.seed;
            let at = At { epoch: options.initial_epoch, batch: 0 };
            self.core.position = Position { at, totals: Totals::default() };
        }
        let progress = Progress::new(options.verbose, options.epochs, steps);
        let callbacks = std::mem::take(&mut options.callbacks);
        let history = History::default();
        let mut fit =
            Fitting { source, validation, steps, options, callbacks, progress, interrupt, history };
        fit.epochs(self)?;
        Ok(fit.history)
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
        self.measure_set(&set, 0..set.samples, options.batch_size, usize::MAX)
    }

    fn measure_set(
        &self,
        set: &Set<'_>,
        rows: Range<usize>,
        batch_size: usize,
        steps: usize,
    ) -> Result<Logs, Error> {
        let rows: Vec<usize> = rows.collect();
        let mut totals = Totals::default();
        for rows in rows.chunks(batch_size).take(steps) {
            let batch = set.batch(rows, false);
            let outcome = self.core.run(&(&self.model, &self.terms), &batch, None, None)?;
            let statistics = self.core.statistics(&batch, &outcome.predictions)?;
            totals.add(&outcome, statistics);
        }
        Ok(totals.logs(&self.core))
    }
}

/// Where the batches of epochs come from.
pub(super) trait Source {
    /// An epoch begins, or goes on.
    fn begin(&mut self, epoch: usize, seed: u64);

    /// The batch of a step of this epoch; `None` at its end.
    fn next(&mut self, core: &TrainerCore, step: usize) -> Result<Option<Batch>, Error>;
}

/// The first samples of a set.
struct Arrays<'s, 'a> {
    set: &'s Set<'a>,
    samples: usize,
    batch_size: usize,
    shuffle: bool,
    /// The samples in the order of this epoch.
    order: Vec<usize>,
}

impl Source for Arrays<'_, '_> {
    fn begin(&mut self, epoch: usize, seed: u64) {
        self.order = order(self.samples, self.shuffle.then_some(seed), epoch);
    }

    fn next(&mut self, _core: &TrainerCore, step: usize) -> Result<Option<Batch>, Error> {
        let rows = self.order.chunks(self.batch_size).nth(step);
        Ok(rows.map(|rows| self.set.batch(rows, true)))
    }
}

/// A `fit` that runs.
struct Fitting<'s, 'a, M: Functional> {
    source: &'s mut dyn Source,
    /// What to validate with, and which samples of it.
    validation: Option<(&'s Set<'a>, Range<usize>)>,
    /// How many batches an epoch has at most.
    steps: usize,
    options: Fit<'a, M>,
    callbacks: Callbacks<'a, M>,
    progress: Progress,
    interrupt: Option<Interrupt>,
    history: History,
}

impl<M: Functional> Fitting<'_, '_, M> {
    fn epochs(&mut self, trainer: &mut Trainer<M>) -> Result<(), Error> {
        self.call(trainer, |callback, trainer| callback.on_train_begin(trainer))?;
        let mut logs = Logs::default();
        while trainer.core.position.at.epoch < self.options.epochs {
            let ran = self.epoch(trainer)?;
            logs = ran.unwrap_or(logs);
            if trainer.core.running.stops() {
                break;
            }
        }
        trainer.core.updater.apply_averages(&trainer.trainable());
        self.call(trainer, |callback, trainer| callback.on_train_end(trainer, &logs))
    }

    /// Calls all callbacks, and prints what they have to say.
    fn call(
        &mut self,
        trainer: &mut Trainer<M>,
        mut hook: impl FnMut(&mut dyn Callback<M>, &mut Trainer<M>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let callbacks = &mut self.callbacks.0;
        let result = callbacks.iter_mut().try_for_each(|it| hook(it.as_mut(), trainer));
        self.progress.print(&trainer.core.running.take_lines());
        result
    }

    /// Runs an epoch, or the rest of it; `None` if not a single batch of it has been trained on.
    fn epoch(&mut self, trainer: &mut Trainer<M>) -> Result<Option<Logs>, Error> {
        let At { epoch, batch } = trainer.core.position.at;
        self.progress.epoch(epoch, batch);
        self.call(trainer, |callback, trainer| callback.on_epoch_begin(trainer, epoch))?;
        self.source.begin(epoch, trainer.core.seed);
        let trainable = trainer.trainable();
        let mut has_ended = false;
        for batch in batch..self.steps {
            let Some(samples) = self.source.next(&trainer.core, batch)? else {
                has_ended = true;
                break;
            };
            self.call(trainer, |callback, trainer| callback.on_train_batch_begin(trainer, batch))?;
            match trainer.train_batch(&samples, &trainable, At { epoch, batch }) {
                Err(error) if self.callbacks.forgive(trainer, &error) => {
                    trainer.stop_training();
                    break;
                }
                result => result?,
            }
            self.progress.batch(samples.samples, || trainer.epoch_logs());
            if !self.callbacks.0.is_empty() {
                let logs = trainer.epoch_logs();
                self.call(trainer, |it, trainer| it.on_train_batch_end(trainer, batch, &logs))?;
            }
            if self.interrupt.as_ref().is_some_and(Interrupt::has_come) {
                trainer.core.running.interrupt();
            }
            if trainer.core.running.stops() {
                break;
            }
        }
        if trainer.core.position.totals.is_empty() {
            self.progress.no_epoch();
            return Ok(None);
        }
        let mut logs = trainer.epoch_logs();
        if has_ended || trainer.core.position.at.batch >= self.steps {
            let at = At { epoch: epoch + 1, batch: 0 };
            trainer.core.position = Position { at, totals: Totals::default() };
        }
        if (epoch + 1).is_multiple_of(self.options.validation_freq) {
            logs.append("val_", self.validate(trainer)?);
        }
        self.call(trainer, |callback, trainer| callback.on_epoch_end(trainer, epoch, &mut logs))?;
        self.progress.end_epoch(&logs);
        self.history.push(epoch, &logs);
        Ok(Some(logs))
    }

    /// The losses and metrics of what is validated with; none if that is nothing.
    fn validate(&self, trainer: &Trainer<M>) -> Result<Logs, Error> {
        let Some((set, rows)) = &self.validation else { return Ok(Logs::default()) };
        let batch_size = self.options.validation_batch_size.unwrap_or(self.options.batch_size);
        let steps = self.options.validation_steps.unwrap_or(usize::MAX);
        trainer.measure_set(set, rows.clone(), batch_size, steps)
    }
}

impl<M: Functional> Trainer<M> {
    /// Trains on a batch of an epoch.
    fn train_batch(
        &mut self,
        batch: &Batch,
        trainable: &[(String, Parameter)],
        at: At,
    ) -> Result<(), Error> {
        let subject = &(&self.model, &self.terms);
        let mut outcome = self.core.run(subject, batch, Some(trainable), Some(at))?;
        let statistics = self.core.statistics(batch, &outcome.predictions)?;
        self.core.position.totals.check(&statistics)?;
        if self.core.step == 0 {
            self.core.running.warn_of_idle(&outcome.without_gradient(trainable));
        }
        self.core.commit(&mut outcome, Some(at))?;
        let At { epoch, batch } = at;
        self.core.position.at = At { epoch, batch: batch + 1 };
        self.core.position.totals.add(&outcome, statistics);
        Ok(())
    }

    /// The logs of the epoch so far.
    fn epoch_logs(&self) -> Logs {
        self.with_variables(self.core.position.totals.logs(&self.core))
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
