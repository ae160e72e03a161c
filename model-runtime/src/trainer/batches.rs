//! Batches that come one after the other, made on a thread of their own.

use std::any::Any;
use std::fmt::Display;
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::TrainerCore;
use super::set::{self, Set};
use super::source::{Next, Source};
use crate::{Data, Error, Float, Functional, IntoPorts, Logs, NoTarget};

/// Samples that make one step of training: inputs, targets, and how much each counts.
///
/// Arrays may be given away, which a batch from a file needs, or be references.
///
/// ```
/// use model_runtime::prelude::*;
/// use ndarray::array;
/// let net = model! { x = Input(2); Dense(1)(x) };
/// let mut trainer = net.compile("sgd", "mse")?;
/// let (x, y) = (array![[1.0, 2.0], [3.0, 4.0]], array![[1.0], [2.0]]);
/// let batch = Batch::new(x, y).sample_weight(array![1.0, 0.5]);
/// trainer.fit_batches(Batches::new([batch]), Fit::epochs(1).verbose(0))?;
/// # Ok::<(), Error>(())
/// ```
#[derive(Debug)]
pub struct Batch<'a, M> {
    parts: Parts<'a>,
    model: PhantomData<fn() -> M>,
}

/// A batch without the type of its model.
#[derive(Clone, Debug)]
pub(super) struct Parts<'a> {
    pub inputs: Vec<Data<'a>>,
    targets: Vec<Data<'a>>,
    sample_weight: Option<Data<'a>>,
}

impl<'a, M: Functional> Batch<'a, M> {
    /// These inputs and targets, in the form that `fit` takes them.
    pub fn new(
        x: impl IntoPorts<M::Inputs<Data<'a>>>,
        y: impl IntoPorts<M::Outputs<Data<'a>>>,
    ) -> Batch<'a, M> {
        let (inputs, targets) = super::data::<M>(x, y);
        Batch { parts: Parts { inputs, targets, sample_weight: None }, model: PhantomData }
    }

    /// These inputs alone: for [`Trainer::predict_batches`](crate::Trainer::predict_batches), and
    /// for a model whose losses need no targets.
    pub fn of_inputs(x: impl IntoPorts<M::Inputs<Data<'a>>>) -> Batch<'a, M> {
        let inputs = M::inputs_to_vec(x.into_ports());
        let absent = M::outputs_from_iter(std::iter::repeat(Data::from(NoTarget)));
        let targets = absent.map(M::outputs_to_vec).unwrap_or_default();
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

/// What makes iterators; it is locked by the one thread that runs.
type Runs<'a> = Arc<Mutex<dyn FnMut(usize) -> Option<Run<'a>> + Send + 'a>>;

/// Batches for [`Trainer::fit_batches`](crate::Trainer::fit_batches) and its kin, for data that is
/// larger than memory or made on the way: what a generator or `PyDataset` is to Keras's `fit`.
///
/// They are made on a thread of their own while the model trains, at most [`Batches::prefetch`] in
/// advance. That thread ends when `fit_batches` does. Ctrl-C and a
/// [`Stopper`](crate::Stopper) end training also while it makes a batch: the epoch ends
/// with all that belongs to its end. What is then done with a thread that still makes its batch:
///
/// - An iterator may borrow what it needs. Then `fit_batches` must wait for the thread before it
///   returns; it says so after a second, and a second Ctrl-C kills the program.
/// - With [`Batches::detached`], `fit_batches` returns at once. The thread is left behind, and ends
///   when its batch is made; if the iterator never returns, it ends with the program.
pub struct Batches<'a, M> {
    maker: Maker<'a>,
    is_single: bool,
    prefetch: usize,
    model: PhantomData<fn() -> M>,
}

enum Maker<'a> {
    Scoped(Runs<'a>),
    Detached(Runs<'static>),
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
        let maker = Maker::Scoped(Arc::new(Mutex::new(runs)));
        Batches { maker, is_single, prefetch: 2, model: PhantomData }
    }

    /// How many batches wait to be trained on while the next one is made; 2 by default.
    pub fn prefetch(mut self, prefetch: usize) -> Batches<'a, M> {
        self.prefetch = prefetch;
        self
    }
}

impl<M> Batches<'static, M> {
    /// Leaves the thread behind when training ends while it makes a batch, and does not wait for
    /// it: for iterators that may take long or never return, such as those that wait for a network.
    /// It can be chosen where the iterator borrows nothing.
    ///
    /// ```
    /// use model_runtime::prelude::*;
    /// let net = model! { x = Input(2); y = Dense(1)(x); };
    /// let mut trainer = net.compile(SGD::new(0.1), "mse")?;
    /// let (sender, batches) = std::sync::mpsc::channel();
    /// let (x, y) = (ndarray::array![[1.0, 2.0]], ndarray::array![[3.0]]);
    /// sender.send(Batch::new(x, y)).expect("the receiver is here");
    /// // Nothing more comes, but `sender` is still there: the iterator waits for ever.
    /// let batches = Batches::new(batches).detached();
    /// let stops = LambdaCallback::new().on_train_batch_end(|trainer, _, _| {
    ///     trainer.stop_training();
    ///     Ok(())
    /// });
    /// trainer.fit_batches(batches, Fit::epochs(1).callback(stops).verbose(0))?;
    /// # Ok::<(), Error>(())
    /// ```
    pub fn detached(mut self) -> Batches<'static, M> {
        if let Maker::Scoped(runs) = self.maker {
            self.maker = Maker::Detached(runs);
        }
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

    /// Makes batches on a thread, from this iterator on without the first `skip`, while `take`
    /// takes them. Says that it waits for the thread, if it `says`.
    pub(super) fn feed<R>(
        &self,
        run: usize,
        skip: usize,
        says: bool,
        take: impl for<'r> FnOnce(Receiver<Sent<'r>>) -> Result<R, Error>,
    ) -> Result<R, Error> {
        let named = || thread::Builder::new().name("batches".to_owned());
        let failed = |why| Error::Batches { why: format!("no thread started: {why}") };
        match &self.maker {
            Maker::Detached(runs) => {
                let (sender, receiver) = sync_channel(self.prefetch);
                let producer = Producer { runs: Arc::clone(runs), run, skip };
                named().spawn(move || producer.produce(&sender)).map_err(failed)?;
                take(receiver)
            }
            Maker::Scoped(runs) => thread::scope(|scope| {
                let (sender, receiver) = sync_channel(self.prefetch);
                let producer = Producer { runs: Arc::clone(runs), run, skip };
                let thread = named().spawn_scoped(scope, move || producer.produce(&sender));
                let thread = thread.map_err(failed)?;
                // The receiver goes with it, which ends the thread.
                let result = take(receiver);
                if says {
                    say_if_waiting(&thread);
                }
                result
            }),
        }
    }
}

/// Batches to validate with, whatever they borrow.
pub(super) trait Validate {
    fn is_single(&self) -> bool;

    /// Measures the batches of an epoch; `take` does it.
    fn validate(&self, epoch: usize, says: bool, take: &mut Measure<'_>) -> Measured;
}

type Measured = Result<Option<Logs>, Error>;
type Measure<'m> = dyn FnMut(&mut dyn Source) -> Measured + 'm;

impl<M> Validate for Batches<'_, M> {
    fn is_single(&self) -> bool {
        self.is_single
    }

    fn validate(&self, epoch: usize, says: bool, take: &mut Measure<'_>) -> Measured {
        self.feed(epoch, 0, says, |receiver| take(&mut Stream::once(receiver)))
    }
}

/// Says after a second that a thread is waited for.
fn say_if_waiting(thread: &thread::ScopedJoinHandle<'_, ()>) {
    let ends = Instant::now() + Duration::from_secs(1);
    while !thread.is_finished() {
        if Instant::now() >= ends {
            crate::progress::print(
                "Waiting for the iterator, which still makes a batch; `Batches::detached` would \
                 leave it behind. Ctrl-C ends the program",
            );
            return;
        }
        thread::sleep(Duration::from_millis(5));
    }
}

/// What the thread of a [`Producer`] sends.
pub(super) enum Sent<'a> {
    /// With its number in its iterator.
    Batch(usize, Parts<'a>),
    /// An iterator has ended.
    End,
    Failed(String),
}

/// Makes batches until nobody takes them any more.
struct Producer<'a> {
    runs: Runs<'a>,
    run: usize,
    skip: usize,
}

impl<'a> Producer<'a> {
    fn produce(mut self, sender: &SyncSender<Sent<'a>>) {
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
        let runs = Arc::clone(&self.runs);
        let next = |run| (*runs.lock().unwrap_or_else(PoisonError::into_inner))(run);
        while let Some(batches) = next(self.run) {
            for (number, batch) in batches.enumerate() {
                let batch = batch?;
                if self.skip > 0 {
                    self.skip -= 1;
                } else if sender.send(Sent::Batch(number, batch)).is_err() {
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

/// The batches that a thread makes, as `fit` and its kin take them.
pub(super) struct Stream<'a> {
    pub receiver: Receiver<Sent<'a>>,
    pub class_weight: Vec<(usize, Float)>,
    /// Whether epochs end with iterators, and not after a number of batches.
    pub ends_epochs: bool,
    /// Whether the iterator has given a batch, or given some that were passed over.
    pub has_given: bool,
    /// Of the batch that came last, in its iterator.
    pub number: usize,
    pub training: bool,
}

impl<'a> Stream<'a> {
    /// The batches of one evaluation or prediction.
    pub fn once(receiver: Receiver<Sent<'a>>) -> Stream<'a> {
        let class_weight = Vec::new();
        Stream {
            receiver,
            class_weight,
            ends_epochs: true,
            has_given: false,
            number: 0,
            training: false,
        }
    }

    /// What comes next, unless it is stopped before that.
    pub fn parts(&mut self, stops: &dyn Fn() -> bool) -> Result<Next<Parts<'a>>, Error> {
        /// How long a stop goes unseen.
        const PATIENCE: Duration = Duration::from_millis(50);
        loop {
            match self.receiver.recv_timeout(PATIENCE) {
                Ok(Sent::Batch(number, parts)) => {
                    (self.has_given, self.number) = (true, number);
                    return Ok(Next::Batch(parts));
                }
                Ok(Sent::Failed(why)) => return Err(Error::Batches { why }),
                Ok(Sent::End) if !std::mem::take(&mut self.has_given) => {
                    let why = "the iterator has given none".to_owned();
                    return Err(Error::Batches { why });
                }
                Ok(Sent::End) if self.ends_epochs => return Ok(Next::End),
                Ok(Sent::End) => {}
                Err(RecvTimeoutError::Timeout) if stops() => return Ok(Next::Stopped),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => {
                    let why = "the iterator has ended before `steps_per_epoch` of each epoch; \
                               `Batches::epochs` makes one anew";
                    return Err(Error::Batches { why: why.to_owned() });
                }
            }
        }
    }

    /// What is wrong with the batch that came last.
    pub fn named(&self, error: Error) -> Error {
        Error::InBatch { batch: self.number, error: Box::new(error) }
    }

    fn batch(&self, core: &TrainerCore, parts: Parts<'_>) -> Result<set::Batch, Error> {
        let Parts { inputs, targets, sample_weight } = parts;
        let mut set = Set::new(core, inputs, targets, sample_weight)?;
        set.weigh_classes(core, &self.class_weight)?;
        let rows: Vec<usize> = (0..set.samples).collect();
        Ok(set.batch(&rows, self.training))
    }
}

impl Source for Stream<'_> {
    fn begin(&mut self, _epoch: usize, _seed: u64) {}

    fn next(
        &mut self,
        core: &TrainerCore,
        _step: usize,
        stops: &dyn Fn() -> bool,
    ) -> Result<Next<set::Batch>, Error> {
        Ok(match self.parts(stops)? {
            Next::Batch(parts) => {
                Next::Batch(self.batch(core, parts).map_err(|error| self.named(error))?)
            }
            Next::End => Next::End,
            Next::Stopped => Next::Stopped,
        })
    }
}
