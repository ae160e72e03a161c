use std::ops::Range;

use super::batches::{Batches, Stream, Validate};
use super::interrupt::Interrupt;
use super::run::Running;
use super::set::{Batch, Set};
use super::source::{Arrays, Next, Source};
use super::step::Totals;
use super::terms::Subject;
use super::watch::Watch;
use super::{Fit, Position, Trainer, TrainerCore};
use crate::callbacks::{Callback, CallbackState, Callbacks, set_states, states};
use crate::error::At;
use crate::float::written;
use crate::progress::Progress;
use crate::{Data, Error, Float, Functional, History, IntoPorts, Logs, Parameter};

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
    pub fn fit<'a>(
        &mut self,
        x: impl IntoPorts<M::Inputs<Data<'a>>>,
        y: impl IntoPorts<M::Outputs<Data<'a>>>,
        mut options: Fit<'a, M>,
    ) -> Result<History, Error> {
        options.check()?;
        let _running = Running::begin(&self.core.running)?;
        let mut set = self.set(x, y, options.sample_weight.take())?;
        set.weigh_classes(&self.core, &options.class_weight)?;
        let held_out = self.held_out(&mut options)?;
        let given = held_out.is_some() || options.validation_batches.is_some();
        let split = split(set.samples, options.validation_split, given)?;
        let validation = match &held_out {
            Some(held_out) => Some((held_out, 0..held_out.samples)),
            None => (split < set.samples).then_some((&set, split..set.samples)),
        };
        let steps = split.div_ceil(options.batch_size);
        let steps = options.steps_per_epoch.map_or(steps, |most| most.min(steps));
        let (batch_size, shuffle) = (options.batch_size, options.shuffle);
        let rows = 0..split;
        let mut source =
            Arrays { set: &set, rows, batch_size, training: true, shuffle, order: vec![] };
        self.train(&mut source, validation, steps, options)
    }

    /// Trains on batches that are made on the way, as Keras's `fit` on a generator.
    ///
    /// Batches are made on another thread while the model trains, so a slow disk costs nothing as
    /// long as it keeps up; see [`Batches`] for how that thread ends. Of the options, those that
    /// divide one array of samples do not count (`batch_size` does for validation, `shuffle` is up
    /// to what makes the batches). With [`Fit::resume`], as many batches are passed over as have
    /// been trained on, so give them from the beginning.
    ///
    /// # Errors
    /// As [`Trainer::fit`]; [`Error::Batches`] for an error or a panic in what makes the batches,
    /// and when they end too early. The weights are then those after the last batch, and training
    /// can go on.
    pub fn fit_batches<'a, 'b>(
        &mut self,
        batches: Batches<'b, M>,
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
        let says = options.verbose > 0;
        batches.feed(run, skip, says, |receiver| {
            let mut stream = Stream {
                receiver,
                class_weight: std::mem::take(&mut options.class_weight),
                ends_epochs: options.steps_per_epoch.is_none(),
                has_given: skip > 0,
                number: 0,
                training: true,
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
        held_out: Option<(&Set<'a>, Range<usize>)>,
        steps: usize,
        mut options: Fit<'a, M>,
    ) -> Result<History, Error> {
        let interrupt = options.stop_on_ctrl_c.then(Interrupt::begin).transpose()?;
        let batches = options.validation_batches.take();
        self.core.running.begin(held_out.is_some() || batches.is_some());
        if !options.resume || self.core.position.at == At::default() {
            self.core.seed = options.seed;
            let at = At { epoch: options.initial_epoch, batch: 0 };
            self.core.position = Position { at, totals: Totals::default() };
            self.core.callbacks = Vec::new();
        }
        let progress = Progress::new(options.verbose, steps);
        let callbacks = std::mem::take(&mut options.callbacks);
        let validation = match (held_out, batches) {
            (Some((set, rows)), _) => Some(Validation::Arrays(set, rows)),
            (None, batches) => batches.map(Validation::Batches),
        };
        let history = History::default();
        let mut fit = Fitting {
            source,
            validation,
            steps,
            options,
            callbacks,
            progress,
            interrupt,
            history,
            before_the_end: None,
        };
        fit.epochs(self)?;
        Ok(fit.history)
    }
}

/// What to validate with.
enum Validation<'s, 'a> {
    /// Samples of a set.
    Arrays(&'s Set<'a>, Range<usize>),
    /// Batches, made anew each time.
    Batches(Box<dyn Validate + 'a>),
}

/// Calls one callback.
type Hook<'h, M> = &'h mut dyn FnMut(&mut dyn Callback<M>, &mut Trainer<M>) -> Result<(), Error>;

/// A `fit` that runs.
struct Fitting<'s, 'a, M: Functional> {
    source: &'s mut dyn Source,
    validation: Option<Validation<'s, 'a>>,
    /// How many batches an epoch has at most.
    steps: usize,
    options: Fit<'a, M>,
    callbacks: Callbacks<'a, M>,
    progress: Progress,
    interrupt: Option<Interrupt>,
    history: History,
    /// What callbacks counted before the end of an epoch that was cut off.
    before_the_end: Option<Vec<CallbackState>>,
}

impl<M: Functional> Fitting<'_, '_, M> {
    fn epochs(&mut self, trainer: &mut Trainer<M>) -> Result<(), Error> {
        self.call(trainer, &mut |callback, trainer| callback.on_train_begin(trainer))?;
        // Also those of a state that a callback has just loaded.
        let states = std::mem::take(&mut trainer.core.callbacks);
        set_states(&mut self.callbacks, trainer, states)?;
        let mut logs = Logs::default();
        let (done, epochs) = (trainer.core.position.at.epoch, self.options.epochs);
        if done >= epochs && self.options.verbose > 0 {
            trainer.print(format!(
                "Nothing is left to train: `Fit::epochs` is {epochs}, and training begins after \
                 {done}"
            ));
        }
        while trainer.core.position.at.epoch < self.options.epochs {
            self.see_interrupt(trainer);
            if trainer.core.running.stops() {
                break;
            }
            let ran = self.epoch(trainer)?;
            logs = ran.unwrap_or(logs);
        }
        trainer.core.updater.apply_averages(&trainer.trainable());
        self.call(trainer, &mut |callback, trainer| callback.on_train_end(trainer, &logs))
    }

    /// Asks callbacks what they count; of an epoch that has been cut off, what they counted before
    /// its end, which comes again.
    fn keep_states(&self, trainer: &mut Trainer<M>) {
        let now = || states(&self.callbacks);
        trainer.core.callbacks = self.before_the_end.clone().unwrap_or_else(now);
    }

    /// Saves the state where a callback has asked for it, now that all of them have counted.
    fn save(&self, trainer: &mut Trainer<M>) -> Result<(), Error> {
        let saves = trainer.core.running.take_saves();
        if !saves.is_empty() {
            self.keep_states(trainer);
        }
        saves.into_iter().try_for_each(|path| trainer.save_state(path))
    }

    /// Calls all callbacks, and prints what they have to say.
    fn call(&mut self, trainer: &mut Trainer<M>, hook: Hook<'_, M>) -> Result<(), Error> {
        let callbacks = &mut self.callbacks.0;
        let result = callbacks.iter_mut().try_for_each(|it| hook(it.as_mut(), trainer));
        let result = result.and(self.save(trainer));
        self.progress.print(&trainer.core.running.take_lines());
        result
    }

    /// Runs an epoch, or the rest of it; `None` if not a single batch of it has been trained on.
    /// One that is stopped while its first batch is waited for has not begun for callbacks.
    fn epoch(&mut self, trainer: &mut Trainer<M>) -> Result<Option<Logs>, Error> {
        let At { epoch, batch } = trainer.core.position.at;
        self.progress.begin(format!("Epoch {}/{}", epoch + 1, self.options.epochs), batch);
        self.source.begin(epoch, trainer.core.seed);
        let mut first = (batch < self.steps).then(|| self.next(trainer, batch)).transpose()?;
        if matches!(first, Some(Next::Stopped)) {
            self.progress.abandon();
            return Ok(None);
        }
        self.call(trainer, &mut |callback, trainer| callback.on_epoch_begin(trainer, epoch))?;
        let trainable = trainer.trainable();
        let mut has_ended = false;
        for batch in batch..self.steps {
            let samples = match first.take().map_or_else(|| self.next(trainer, batch), Ok)? {
                Next::Batch(samples) => samples,
                Next::End => {
                    has_ended = true;
                    break;
                }
                Next::Stopped => break,
            };
            self.call(trainer, &mut |callback, trainer| {
                callback.on_train_batch_begin(trainer, batch)
            })?;
            let subject = &(&trainer.model, &trainer.terms);
            match trainer.core.train_batch(subject, &samples, &trainable, At { epoch, batch }) {
                Err(error) if self.callbacks.forgive(trainer, &error) => {
                    trainer.stop_training();
                    break;
                }
                result => result?,
            }
            self.progress.batch(samples.samples, &|| trainer.epoch_logs());
            if !self.callbacks.0.is_empty() {
                let logs = trainer.epoch_logs();
                self.call(trainer, &mut |it, trainer| {
                    it.on_train_batch_end(trainer, batch, &logs)
                })?;
            }
            self.see_interrupt(trainer);
            if trainer.core.running.stops() {
                break;
            }
        }
        let totals = &trainer.core.position.totals;
        let logs = (!totals.is_empty()).then(|| trainer.epoch_logs());
        if has_ended || trainer.core.position.at.batch >= self.steps {
            let at = At { epoch: epoch + 1, batch: 0 };
            trainer.core.position = Position { at, totals: Totals::default() };
        } else {
            self.before_the_end = Some(states(&self.callbacks));
        }
        let Some(mut logs) = logs else {
            self.progress.abandon();
            return Ok(None);
        };
        if (epoch + 1).is_multiple_of(self.options.validation_freq) {
            logs.append("val_", self.validate(trainer, epoch)?.unwrap_or_default());
            self.see_interrupt(trainer);
        }
        self.call(trainer, &mut |callback, trainer| {
            callback.on_epoch_end(trainer, epoch, &mut logs)
        })?;
        self.keep_states(trainer);
        self.progress.end(&logs);
        self.history.push(epoch, &logs);
        Ok(Some(logs))
    }

    /// The batch of a step, or that training has ended while it was waited for.
    fn next(&mut self, trainer: &Trainer<M>, step: usize) -> Result<Next<Batch>, Error> {
        let interrupt = self.interrupt.as_ref();
        let next = self.source.next(&trainer.core, step, &|| is_stopped(trainer, interrupt))?;
        if matches!(next, Next::Stopped) {
            self.see_interrupt(trainer);
        }
        Ok(next)
    }

    /// Ends training if Ctrl-C has come.
    fn see_interrupt(&self, trainer: &Trainer<M>) {
        let has_come = self.interrupt.as_ref().is_some_and(Interrupt::has_come);
        if has_come && trainer.core.running.interrupt() && self.options.verbose > 0 {
            trainer.print("Ctrl-C: training ends here, and another one ends the program");
            self.progress.print(&trainer.core.running.take_lines());
        }
    }

    /// The losses and metrics of what is validated with; none if that is nothing, or was stopped.
    fn validate(&mut self, trainer: &Trainer<M>, epoch: usize) -> Result<Option<Logs>, Error> {
        let (callbacks, progress) = (&mut self.callbacks, &mut self.progress);
        let mut watch = Watch { callbacks, progress, shows: false };
        let steps = self.options.validation_steps.unwrap_or(usize::MAX);
        match &self.validation {
            None => Ok(None),
            Some(Validation::Arrays(set, rows)) => {
                let size = self.options.validation_batch_size.unwrap_or(self.options.batch_size);
                let mut source = Arrays::in_order(set, rows.clone(), size);
                trainer.test(&mut source, steps, &mut watch, &|| false)
            }
            // Nobody knows how long they would take.
            Some(Validation::Batches(_)) if trainer.core.running.stops() => Ok(None),
            Some(Validation::Batches(batches)) => {
                let interrupt = self.interrupt.as_ref();
                let stops = || is_stopped(trainer, interrupt);
                batches.validate(epoch, self.options.verbose > 0, &mut |source| {
                    trainer.test(source, steps, &mut watch, &stops)
                })
            }
        }
    }
}

impl TrainerCore {
    /// Trains on a batch of an epoch.
    fn train_batch(
        &mut self,
        subject: &dyn Subject,
        batch: &Batch,
        trainable: &[(String, Parameter)],
        at: At,
    ) -> Result<(), Error> {
        let mut outcome = self.run(subject, batch, Some(trainable), Some(at))?;
        let statistics = self.statistics(batch, &outcome.predictions)?;
        self.position.totals.check(&statistics)?;
        if self.step == 0 {
            self.running.warn_of_idle(&outcome.without_gradient(trainable));
        }
        self.commit(&mut outcome, Some(at))?;
        let At { epoch, batch } = at;
        self.position.at = At { epoch, batch: batch + 1 };
        self.position.totals.add(&outcome, statistics);
        Ok(())
    }
}

impl<M: Functional> Trainer<M> {
    /// The logs of the epoch so far.
    fn epoch_logs(&self) -> Logs {
        self.with_variables(self.core.position.totals.logs(&self.core))
    }
}

/// Whether a batch is not waited for any more.
fn is_stopped<M: Functional>(trainer: &Trainer<M>, interrupt: Option<&Interrupt>) -> bool {
    trainer.core.running.stops() || interrupt.is_some_and(Interrupt::has_come)
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
        return wrong("left out where validation data is given");
    }
    // 0.2 in f32 is a little more, which would cost a sample.
    let part = written(validation_split);
    let kept = (samples as f64 * (1.0 - part)).floor() as usize;
    if kept == 0 || kept == samples {
        return wrong("a part that leaves samples both to train and to validate with");
    }
    Ok(kept)
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
}
