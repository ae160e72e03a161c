//! Losses, metrics and predictions of samples, of arrays or of batches that are made on the way.

use std::borrow::Borrow;
use std::ops::Range;

use ndarray::ArrayD;

use super::batches::{Batches, Stream};
use super::set::{Batch, check_inputs};
use super::source::{Arrays, Next, Source};
use super::step::Totals;
use super::terms::Subject;
use super::watch::Watch;
use super::{Evaluate, Predict, Trainer, TrainerCore, predict};
use crate::data::Rows;
use crate::progress::Progress;
use crate::tensor::Tensor;
use crate::{Data, Error, Float, Functional, IntoPorts, Logs};

impl TrainerCore {
    /// Adds up the losses and metrics of a batch.
    fn test_batch(
        &self,
        subject: &dyn Subject,
        batch: &Batch,
        totals: &mut Totals,
    ) -> Result<(), Error> {
        let outcome = self.run(subject, batch, None, None)?;
        let statistics = self.statistics(batch, &outcome.predictions)?;
        totals.add(&outcome, statistics);
        Ok(())
    }
}

impl<M: Functional> Trainer<M> {
    /// The losses and metrics of these samples, 32 at a time.
    ///
    /// # Errors
    /// Data that does not fit, the first error of a layer or loss, and a loss that is not finite.
    pub fn evaluate<'a>(
        &self,
        x: impl IntoPorts<M::Inputs<Data<'a>>>,
        y: impl IntoPorts<M::Outputs<Data<'a>>>,
    ) -> Result<Logs, Error> {
        self.evaluate_with(x, y, Evaluate::default())
    }

    /// [`Trainer::evaluate`] with options.
    ///
    /// # Errors
    /// As [`Trainer::evaluate`], options that do not fit, and the first error of a callback.
    pub fn evaluate_with<'a>(
        &self,
        x: impl IntoPorts<M::Inputs<Data<'a>>>,
        y: impl IntoPorts<M::Outputs<Data<'a>>>,
        mut options: Evaluate<'a, M>,
    ) -> Result<Logs, Error> {
        options.check()?;
        let set = self.set(x, y, options.sample_weight.take())?;
        let all = set.samples.div_ceil(options.batch_size);
        let steps = options.steps.map_or(all, |most| most.min(all));
        let mut source = Arrays::in_order(&set, 0..set.samples, options.batch_size);
        self.evaluation(&mut source, steps, options)
    }

    /// The losses and metrics of batches that are made on the way, as Keras's `evaluate` of a
    /// generator: of all batches of one iterator, or of the first [`Evaluate::steps`].
    ///
    /// ```
    /// use model_runtime::prelude::*;
    /// use ndarray::{Array2, Axis};
    /// let (x, y) = (Array2::<f32>::ones((10, 2)), Array2::<f32>::ones((10, 1)));
    /// let net = model! { x = Input(2); y = Dense(1)(x); };
    /// let trainer = net.compile(SGD::new(0.1), "mse")?;
    /// let parts = x.axis_chunks_iter(Axis(0), 4).zip(y.axis_chunks_iter(Axis(0), 4));
    /// let batches = Batches::new(parts.map(|(x, y)| Batch::new(x.to_owned(), y.to_owned())));
    /// let logs = trainer.evaluate_batches(batches, Evaluate::default())?;
    /// assert!((logs["loss"] - trainer.evaluate(&x, &y)?["loss"]).abs() < 1e-6);
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Trainer::evaluate_with`], and [`Error::Batches`] for an error or a panic in what makes
    /// the batches, and if there are none.
    pub fn evaluate_batches<'a, 'b>(
        &self,
        batches: Batches<'b, M>,
        options: Evaluate<'a, M>,
    ) -> Result<Logs, Error> {
        options.check()?;
        options.check_for_batches()?;
        let steps = options.steps.unwrap_or(usize::MAX);
        batches.feed(0, 0, options.verbose > 0, |receiver| {
            self.evaluation(&mut Stream::once(receiver), steps, options)
        })
    }

    fn evaluation(
        &self,
        source: &mut dyn Source,
        steps: usize,
        mut options: Evaluate<'_, M>,
    ) -> Result<Logs, Error> {
        let _lines = self.core.running.keep_lines();
        let mut progress = Progress::new(options.verbose, steps);
        progress.begin("Evaluate".to_owned(), 0);
        let callbacks = &mut options.callbacks;
        let mut watch = Watch { callbacks, progress: &mut progress, shows: true };
        let logs = self.test(source, steps, &mut watch, &|| false)?.unwrap_or_default();
        progress.end(&logs);
        Ok(logs)
    }

    /// The losses and metrics of batches of a source, `steps` at most; none if `stops` says so
    /// while a batch is waited for.
    pub(super) fn test(
        &self,
        source: &mut dyn Source,
        steps: usize,
        watch: &mut Watch<'_, '_, M>,
        stops: &dyn Fn() -> bool,
    ) -> Result<Option<Logs>, Error> {
        watch.call(self, &mut |it| it.on_test_begin(self))?;
        source.begin(0, 0);
        let mut totals = Totals::default();
        for step in 0..steps {
            let batch = match source.next(&self.core, step, stops)? {
                Next::Batch(batch) => batch,
                Next::End => break,
                Next::Stopped => return Ok(None),
            };
            watch.call(self, &mut |it| it.on_test_batch_begin(self, step))?;
            self.core.test_batch(&(&self.model, &self.terms), &batch, &mut totals)?;
            watch.batch(batch.samples, &|| totals.logs(&self.core));
            if watch.is_watched() {
                let logs = totals.logs(&self.core);
                watch.call(self, &mut |it| it.on_test_batch_end(self, step, &logs))?;
            }
        }
        let logs = totals.logs(&self.core);
        watch.call(self, &mut |it| it.on_test_end(self, &logs))?;
        Ok(Some(logs))
    }

    /// [`Trainer::predict`] with options.
    ///
    /// ```
    /// use model_runtime::prelude::*;
    /// use ndarray::Array2;
    ///
    /// model! {
    ///     struct Net {
    ///         x = Input(2);
    ///         Dense(1)(x)
    ///     }
    /// }
    ///
    /// # fn main() -> Result<(), Error> {
    /// let trainer = Net::new(0).compile("sgd", "mse")?;
    /// let x = Array2::<f32>::ones((100, 2));
    /// let mut rows = 0;
    /// let counts = LambdaCallback::<Net>::new().on_predict_batch_end(|_, _, outputs| {
    ///     rows += outputs.shape()[0];
    ///     Ok(())
    /// });
    /// let y = trainer.predict_with(&x, Predict::default().batch_size(64).callback(counts))?;
    /// assert_eq!((y.shape(), rows), (&[100, 1][..], 100));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Trainer::predict`], options that do not fit, and the first error of a callback.
    pub fn predict_with<'a>(
        &self,
        x: impl IntoPorts<M::Inputs<Data<'a>>>,
        options: Predict<'_, M>,
    ) -> Result<M::Outputs<ArrayD<Float>>, Error> {
        options.check()?;
        let inputs: Vec<Data<'_>> = M::inputs_to_vec(x.into_ports());
        let samples = check_inputs(self.core.graph, &inputs)?;
        let size = options.batch_size;
        let all = samples.div_ceil(size);
        let steps = options.steps.map_or(all, |most| most.min(all));
        let mut starts = (0..samples).step_by(size);
        self.prediction(steps, samples.min(steps.saturating_mul(size)), options, || {
            let batch = |first| (&inputs[..], first..samples.min(first + size));
            Ok(starts.next().map(batch))
        })
    }

    /// Predicts batches that are made on the way, as Keras's `predict` of a generator: all batches
    /// of one iterator, or the first [`Predict::steps`]. What they have besides inputs does not
    /// count.
    ///
    /// ```
    /// use model_runtime::prelude::*;
    /// use ndarray::Array2;
    /// let net = model! { x = Input(2); y = Dense(1)(x); };
    /// let trainer = net.compile("sgd", "mse")?;
    /// let files = (1..4).map(|rows| Batch::of_inputs(Array2::<f32>::ones((rows, 2))));
    /// let y = trainer.predict_batches(Batches::new(files), Predict::default())?;
    /// assert_eq!(y.shape(), [6, 1]);
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Trainer::predict_with`], and [`Error::Batches`] for an error or a panic in what makes
    /// the batches, if there are none, and if their predictions do not make one array.
    pub fn predict_batches<'a, 'b>(
        &self,
        batches: Batches<'b, M>,
        options: Predict<'a, M>,
    ) -> Result<M::Outputs<ArrayD<Float>>, Error> {
        options.check()?;
        let steps = options.steps.unwrap_or(usize::MAX);
        batches.feed(0, 0, options.verbose > 0, |receiver| {
            let mut stream = Stream::once(receiver);
            self.prediction(steps, 0, options, || {
                let Next::Batch(parts) = stream.parts(&|| false)? else { return Ok(None) };
                let samples = check_inputs(self.core.graph, &parts.inputs);
                let samples = samples.map_err(|error| stream.named(error))?;
                Ok(Some((parts.inputs, 0..samples)))
            })
        })
    }

    /// The predictions of batches, `steps` at most, of so many samples in all, if that is known;
    /// `next` gives inputs, which have been checked, and which of their samples are the batch.
    fn prediction<'d, D: Borrow<[Data<'d>]>>(
        &self,
        steps: usize,
        samples: usize,
        mut options: Predict<'_, M>,
        mut next: impl FnMut() -> Result<Option<(D, Range<usize>)>, Error>,
    ) -> Result<M::Outputs<ArrayD<Float>>, Error> {
        let _lines = self.core.running.keep_lines();
        let mut progress = Progress::new(options.verbose, steps);
        progress.begin("Predict".to_owned(), 0);
        let callbacks = &mut options.callbacks;
        let mut watch = Watch { callbacks, progress: &mut progress, shows: true };
        watch.call(self, &mut |it| it.on_predict_begin(self))?;
        let mut all: Vec<Rows> = self.core.outputs.iter().map(|_| Rows::of(samples)).collect();
        for step in 0..steps {
            let Some((inputs, rows)) = next()? else { break };
            watch.call(self, &mut |it| it.on_predict_batch_begin(self, step))?;
            let samples = rows.len();
            let batch = predict::run(&self.model, inputs.borrow(), rows)?;
            for (rows, tensor) in all.iter_mut().zip(&batch) {
                rows.push(tensor).map_err(|why| Error::Batches { why })?;
            }
            watch.batch(samples, &Logs::default);
            if watch.is_watched() {
                let outputs = of_type::<M>(batch.iter().map(Tensor::to_array));
                watch.call(self, &mut |it| it.on_predict_batch_end(self, step, &outputs))?;
            }
        }
        watch.call(self, &mut |it| it.on_predict_end(self))?;
        progress.end(&Logs::default());
        Ok(of_type::<M>(all.into_iter().map(Rows::into_array)))
    }
}

fn of_type<M: Functional>(
    arrays: impl Iterator<Item = ArrayD<Float>>,
) -> M::Outputs<ArrayD<Float>> {
    M::outputs_from_iter(arrays).expect("a model has as many outputs as its type says")
}
