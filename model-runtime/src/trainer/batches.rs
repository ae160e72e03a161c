//! Batches that come one after the other, made on a thread of their own.

use std::any::Any;
use std::fmt::Display;
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender};

use model_spec::Shape;

use super::TrainerCore;
use super::fit::Source;
use super::set::{self, Set};
use crate::{Data, Error, Float, Functional};

/// Samples that make one step of training: inputs, targets, and how much each counts.
///
/// Arrays may be given away, which a batch from a file needs, or be references.
///
/// ```
/// # use model_runtime::{Batch, Functional};
/// # use ndarray::{Array1, Array2};
/// # fn make<M>(x: M::Inputs<Array2<f32>>, y: M::Outputs<Array1<u8>>) -> Batch<'static, M>
/// # where M: Functional {
/// Batch::new(x, y).sample_weight(ndarray::array![1.0, 0.5])
/// # }
/// ```
#[derive(Debug)]
pub struct Batch<'a, M> {
    parts: Parts<'a>,
    model: PhantomData<fn() -> M>,
}

/// A batch without the type of its model.
#[derive(Clone, Debug)]
pub(super) struct Parts<'a> {
    inputs: Vec<Data<'a>>,
    targets: Vec<Data<'a>>,
    sample_weight: Option<Data<'a>>,
}

impl<'a, M: Functional> Batch<'a, M> {
    /// These inputs and targets, in the form that `fit` takes them.
    pub fn new<X, Y>(x: M::Inputs<X>, y: M::Outputs<Y>) -> Batch<'a, M>
    where
        X: Into<Data<'a>>,
        Y: Into<Data<'a>>,
    {
        let (inputs, targets) = super::data::<M, X, Y>(x, y);
        Batch { parts: Parts { inputs, targets, sample_weight: None }, model: PhantomData }
    }

    /// How much each sample counts: `(samples)`.
    pub fn sample_weight(mut self, sample_weight: impl Into<Data<'a>>) -> Batch<'a, M> {
        self.parts.sample_weight = Some(sample_weight.into());
        self
    }
}

impl<M> Clone for Batch<'_, M> {
    fn clone(&self) -> Self {
        Batch { parts: self.parts.clone(), model: PhantomData }
    }
}

/// What an iterator of [`Batches`] gives: a [`Batch`], or a `Result` with one.
pub trait IntoBatch<'a, M> {
    /// The batch, or why there is none.
    ///
    /// # Errors
    /// That of the `Result`.
    fn into_batch(self) -> Result<Batch<'a, M>, String>;
}

impl<'a, M> IntoBatch<'a, M> for Batch<'a, M> {
    fn into_batch(self) -> Result<Batch<'a, M>, String> {
        Ok(self)
    }
}

impl<'a, M, E: Display> IntoBatch<'a, M> for Result<Batch<'a, M>, E> {
    fn into_batch(self) -> Result<Batch<'a, M>, String> {
        self.map_err(|why| why.to_string())
    }
}

type Run<'a> = Box<dyn Iterator<Item = Result<Parts<'a>, String>> + Send + 'a>;

/// Batches for [`Trainer::fit_batches`](crate::Trainer::fit_batches), for data that is larger than
/// memory or made on the way: what a generator or `PyDataset` is to Keras's `fit`.
///
/// They are made on a thread of their own while the model trains, at most [`Batches::prefetch`] in
/// advance.
pub struct Batches<'a, M> {
    runs: Box<dyn FnMut(usize) -> Option<Run<'a>> + Send + 'a>,
    is_single: bool,
    prefetch: usize,
    model: PhantomData<fn() -> M>,
}

impl<'a, M: Functional + 'a> Batches<'a, M> {
    /// The batches of one iterator, such as [`std::iter::from_fn`] makes of a closure.
    ///
    /// With `Fit::steps_per_epoch`, an epoch takes so many of them and the next one goes on where
    /// it has ended; without, there is one epoch, until the iterator ends.
    ///
    /// ```
    /// use model_runtime::prelude::*;
    /// use model_runtime::{Batch, Batches};
    /// use ndarray::Array2;
    /// let net = model! { x = Input(2); y = Dense(1)(x); };
    /// let mut trainer = net.compile(SGD::new(0.1), "mse")?;
    /// let mut number = 0.0;
    /// let endless = std::iter::from_fn(move || {
    ///     number += 0.001;
    ///     let x = Array2::from_elem((8, 2), number);
    ///     Some(Batch::new(x, Array2::from_elem((8, 1), 2.0 * number)))
    /// });
    /// let options = Fit::epochs(3).steps_per_epoch(10).verbose(0);
    /// let history = trainer.fit_batches(Batches::new(endless), options)?;
    /// assert!(history["loss"][2] < 0.1);
    /// # Ok::<(), Error>(())
    /// ```
    pub fn new<I>(batches: I) -> Batches<'a, M>
    where
        I: IntoIterator<Item: IntoBatch<'a, M>, IntoIter: Send + 'a>,
    {
        let mut run = Some(erase(batches.into_iter()));
        Batches::of(true, move |_| run.take())
    }

    /// The batches of the iterators that the closure makes, one for each epoch, which it is told.
    ///
    /// With `Fit::steps_per_epoch`, epochs take so many batches of these iterators, one after the
    /// other, which are then counted from 0.
    ///
    /// ```
    /// use model_runtime::prelude::*;
    /// use model_runtime::{Batch, Batches};
    /// use ndarray::{Array2, Axis};
    /// let (x, y) = (Array2::<f32>::ones((10, 2)), Array2::<f32>::ones((10, 1)));
    /// let net = model! { x = Input(2); y = Dense(1)(x); };
    /// let mut trainer = net.compile(SGD::new(0.1), "mse")?;
    /// let batches = Batches::epochs(|_epoch| {
    ///     let parts = x.axis_chunks_iter(Axis(0), 4).zip(y.axis_chunks_iter(Axis(0), 4));
    ///     parts.map(|(x, y)| Batch::new(x.to_owned(), y.to_owned()))
    /// });
    /// let history = trainer.fit_batches(batches, Fit::epochs(2).verbose(0))?;
    /// assert_eq!(history["loss"].len(), 2);
    /// # Ok::<(), Error>(())
    /// ```
    pub fn epochs<I>(mut batches: impl FnMut(usize) -> I + Send + 'a) -> Batches<'a, M>
    where
        I: IntoIterator<Item: IntoBatch<'a, M>, IntoIter: Send + 'a>,
    {
        Batches::of(false, move |run| Some(erase(batches(run).into_iter())))
    }

    fn of(
        is_single: bool,
        runs: impl FnMut(usize) -> Option<Run<'a>> + Send + 'a,
    ) -> Batches<'a, M> {
        Batches { runs: Box::new(runs), is_single, prefetch: 2, model: PhantomData }
    }

    /// How many batches wait to be trained on while the next one is made; 2 by default.
    pub fn prefetch(mut self, prefetch: usize) -> Batches<'a, M> {
        self.prefetch = prefetch;
        self
    }
}

fn erase<'a, M, I>(batches: I) -> Run<'a>
where
    I: Iterator<Item: IntoBatch<'a, M>> + Send + 'a,
    M: 'a,
{
    Box::new(batches.map(|batch| batch.into_batch().map(|batch| batch.parts)))
}

impl<M> Batches<'_, M> {
    /// Whether there is a single iterator.
    pub(super) fn is_single(&self) -> bool {
        self.is_single
    }

    /// How many batches may wait.
    pub(super) fn waiting(&self) -> usize {
        self.prefetch
    }
}

impl<'a, M> Batches<'a, M> {
    /// What makes the batches, from this iterator on without the first `skip`.
    pub(super) fn producer(self, run: usize, skip: usize) -> Producer<'a> {
        Producer { runs: self.runs, run, skip }
    }
}

/// What the thread of a [`Producer`] sends.
pub(super) enum Sent<'a> {
    Batch(Parts<'a>),
    /// An iterator has ended.
    End,
    Failed(String),
}

/// Makes batches until nobody takes them any more.
pub(super) struct Producer<'a> {
    runs: Box<dyn FnMut(usize) -> Option<Run<'a>> + Send + 'a>,
    run: usize,
    skip: usize,
}

impl<'a> Producer<'a> {
    pub fn produce(mut self, sender: &SyncSender<Sent<'a>>) {
        // What the closure has captured is not used after a panic.
        let why = match catch_unwind(AssertUnwindSafe(|| self.send(sender))) {
            Ok(Ok(())) => return,
            Ok(Err(why)) => why,
            Err(panic) => format!("what makes them has panicked: {}", text(&*panic)),
        };
        // Nobody is left to be told if that fails.
        let _ = sender.send(Sent::Failed(why));
    }

    fn send(&mut self, sender: &SyncSender<Sent<'a>>) -> Result<(), String> {
        while let Some(batches) = (self.runs)(self.run) {
            for batch in batches {
                let batch = batch?;
                if self.skip > 0 {
                    self.skip -= 1;
                } else if sender.send(Sent::Batch(batch)).is_err() {
                    return Ok(());
                }
            }
            if sender.send(Sent::End).is_err() {
                return Ok(());
            }
            self.run += 1;
        }
        Ok(())
    }
}

fn text(panic: &(dyn Any + Send)) -> &str {
    match (panic.downcast_ref::<&str>(), panic.downcast_ref::<String>()) {
        (Some(text), _) => text,
        (None, Some(text)) => text,
        (None, None) => "without a text",
    }
}

/// The batches that a thread makes, as `fit` takes them.
pub(super) struct Stream<'a> {
    pub receiver: Receiver<Sent<'a>>,
    pub class_weight: Vec<(usize, Float)>,
    /// Whether epochs end with iterators, and not after a number of batches.
    pub ends_epochs: bool,
    /// Whether the iterator has given a batch, or given some that were passed over.
    pub has_given: bool,
}

impl Source for Stream<'_> {
    fn begin(&mut self, _epoch: usize, _seed: u64) {}

    fn next(&mut self, core: &TrainerCore, _step: usize) -> Result<Option<set::Batch>, Error> {
        loop {
            match self.receiver.recv() {
                Ok(Sent::Batch(parts)) => {
                    self.has_given = true;
                    return self.batch(core, parts).map(Some);
                }
                Ok(Sent::Failed(why)) => return Err(Error::Batches { why }),
                Ok(Sent::End) if !std::mem::take(&mut self.has_given) => {
                    let why = "the iterator has given none".to_owned();
                    return Err(Error::Batches { why });
                }
                Ok(Sent::End) if self.ends_epochs => return Ok(None),
                Ok(Sent::End) => {}
                Err(_) => {
                    let why = "the iterator has ended before `steps_per_epoch` of each epoch; \
                               `Batches::epochs` makes one anew";
                    return Err(Error::Batches { why: why.to_owned() });
                }
            }
        }
    }
}

impl Stream<'_> {
    fn batch(&self, core: &TrainerCore, parts: Parts<'_>) -> Result<set::Batch, Error> {
        let Parts { inputs, targets, sample_weight } = parts;
        let mut set = Set::new(core, inputs, targets, sample_weight)?;
        if !self.class_weight.is_empty() {
            let output = core.graph.outputs.first().map_or(Shape::SCALAR, |o| o.value.shape);
            set.weigh_classes(&self.class_weight, &output)?;
        }
        let rows: Vec<usize> = (0..set.samples).collect();
        Ok(set.batch(&rows, true))
    }
}
