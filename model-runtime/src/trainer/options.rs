use super::batches::{Batches, Validate};
use crate::callbacks::{Callback, Callbacks};
use crate::{Data, Error, Float, Functional, IntoPorts};

/// How to train: the arguments of Keras's `fit`.
///
/// ```
/// use model_runtime::Fit;
/// # fn options<M: model_runtime::Functional>() -> Fit<'static, M> {
/// Fit::epochs(10).batch_size(64).validation_split(0.2)
/// # }
/// ```
///
/// A training that goes on with its second epoch, in the order of the samples, and is validated in
/// each second epoch, with one sample of two:
///
/// ```
/// use model_runtime::prelude::*;
/// use ndarray::array;
/// let net = model! { x = Input(1); Dense(1, kernel_initializer = ones)(x) };
/// let (x, y) = (array![[1.0], [2.0]], array![[0.0], [0.0]]);
/// let mut trainer = net.compile(SGD::new(0.0), "mse")?;
/// let options = Fit::epochs(6)
///     .initial_epoch(1)
///     .shuffle(false)
///     .validation_data(&x, &y)
///     .validation_sample_weight(ndarray::arr1(&[1.0, 0.5]))
///     .validation_batch_size(1)
///     .validation_steps(1)
///     .validation_freq(2)
///     .verbose(0);
/// let history = trainer.fit(&x, &y, options)?;
/// assert_eq!(history["loss"], [2.5; 5]);
/// assert_eq!(history["val_loss"], [1.0; 3]);
/// assert_eq!(history.epochs_of("val_loss"), [1, 3, 5]);
/// assert!(history.names().eq(["loss", "val_loss"]));
/// # Ok::<(), Error>(())
/// ```
///
/// Where one class of labels counts three times, and with batches to validate with:
///
/// ```
/// use model_runtime::prelude::*;
/// use ndarray::array;
/// let net = model! { x = Input(1); Dense(2, softmax, kernel_initializer = zeros)(x) };
/// let (x, y) = (array![[1.0], [2.0]], array![0, 1]);
/// let mut trainer = net.compile(SGD::new(0.0), "sparse_categorical_crossentropy")?;
/// let validation = Batches::epochs(|_| (0..4).map(|_| Batch::new(array![[0.0]], array![1])));
/// let options = Fit::epochs(1)
///     .class_weight([(0, 1.0), (1, 3.0)])
///     .validation_batches(validation)
///     .verbose(0);
/// let history = trainer.fit(&x, &y, options)?;
/// let ln2 = (2.0 as Float).ln();
/// assert!((history["loss"][0] - (1.0 + 3.0) / 2.0 * ln2).abs() < 1e-6);
/// assert!((history["val_loss"][0] - ln2).abs() < 1e-6);
/// # Ok::<(), Error>(())
/// ```
pub struct Fit<'a, M: Functional> {
    pub(super) epochs: usize,
    pub(super) initial_epoch: usize,
    pub(super) resume: bool,
    pub(super) batch_size: usize,
    pub(super) steps_per_epoch: Option<usize>,
    pub(super) shuffle: bool,
    pub(super) seed: u64,
    pub(super) validation_split: Float,
    pub(super) validation: Option<(Vec<Data<'a>>, Vec<Data<'a>>)>,
    pub(super) validation_batches: Option<Box<dyn Validate + 'a>>,
    pub(super) validation_freq: usize,
    pub(super) validation_weight: Option<Data<'a>>,
    pub(super) validation_batch_size: Option<usize>,
    pub(super) validation_steps: Option<usize>,
    pub(super) class_weight: Vec<(usize, Float)>,
    pub(super) sample_weight: Option<Data<'a>>,
    pub(super) verbose: u8,
    pub(super) stop_on_ctrl_c: bool,
    pub(super) callbacks: Callbacks<'a, M>,
}

impl<M: Functional> Default for Fit<'_, M> {
    /// One epoch.
    fn default() -> Self {
        Fit::epochs(1)
    }
}

impl<'a, M: Functional> Fit<'a, M> {
    /// To train until this many epochs have run, those before [`Fit::initial_epoch`] or
    /// [`Fit::resume`] among them; 1 or more. `fit` says so if none is left to run.
    pub fn epochs(epochs: usize) -> Fit<'a, M> {
        Fit {
            epochs,
            initial_epoch: 0,
            resume: false,
            batch_size: 32,
            steps_per_epoch: None,
            shuffle: true,
            seed: 0,
            validation_split: 0.0,
            validation: None,
            validation_batches: None,
            validation_freq: 1,
            validation_weight: None,
            validation_batch_size: None,
            validation_steps: None,
            class_weight: Vec::new(),
            sample_weight: None,
            verbose: 1,
            stop_on_ctrl_c: false,
            callbacks: Callbacks::default(),
        }
    }

    /// The epoch to begin with, to go on with a training of before; 0 by default.
    pub fn initial_epoch(mut self, initial_epoch: usize) -> Fit<'a, M> {
        self.initial_epoch = initial_epoch;
        self
    }

    /// Whether to begin where the training stands: where the last `fit` has ended, also in the
    /// middle of an epoch, or the one whose state
    /// [`Trainer::load_state`](crate::Trainer::load_state) has read. The order of the samples is
    /// then as it would have been, whatever [`Fit::seed`] says; data and all other options must be
    /// the same. No by default.
    pub fn resume(mut self, resume: bool) -> Fit<'a, M> {
        self.resume = resume;
        self
    }

    /// How many samples make a step; 32 by default. The last batch of an epoch has the rest.
    pub fn batch_size(mut self, batch_size: usize) -> Fit<'a, M> {
        self.batch_size = batch_size;
        self
    }

    /// The most steps of an epoch; all samples by default. Of batches that come one by one
    /// ([`Trainer::fit_batches`](crate::Trainer::fit_batches)), how many an epoch has.
    pub fn steps_per_epoch(mut self, steps_per_epoch: usize) -> Fit<'a, M> {
        self.steps_per_epoch = Some(steps_per_epoch);
        self
    }

    /// Whether each epoch takes the samples in another order; yes by default.
    pub fn shuffle(mut self, shuffle: bool) -> Fit<'a, M> {
        self.shuffle = shuffle;
        self
    }

    /// The seed of the orders and of what layers such as Dropout draw; 0 by default. The same seed,
    /// data and weights give the same training.
    pub fn seed(mut self, seed: u64) -> Fit<'a, M> {
        self.seed = seed;
        self
    }

    /// The part of the samples, from 0 to below 1, that is not trained on but validated with: the
    /// last ones, before any shuffling. None by default.
    pub fn validation_split(mut self, validation_split: Float) -> Fit<'a, M> {
        self.validation_split = validation_split;
        self
    }

    /// Inputs and targets to validate with; instead of [`Fit::validation_split`].
    pub fn validation_data(
        mut self,
        x: impl IntoPorts<M::Inputs<Data<'a>>>,
        y: impl IntoPorts<M::Outputs<Data<'a>>>,
    ) -> Fit<'a, M> {
        self.validation = Some(super::data::<M>(x, y));
        self
    }

    /// How much each sample of [`Fit::validation_data`] counts: `(samples)`.
    pub fn validation_sample_weight(mut self, weight: impl Into<Data<'a>>) -> Fit<'a, M> {
        self.validation_weight = Some(weight.into());
        self
    }

    /// Batches to validate with, made anew each time and on a thread of their own: give
    /// [`Batches::epochs`], whose closure is told the epoch. [`Fit::validation_steps`] says how
    /// many of them count; all by default. An epoch that is stopped, such as by Ctrl-C, is not
    /// validated with batches.
    pub fn validation_batches(mut self, batches: Batches<'a, M>) -> Fit<'a, M>
    where
        M: 'a,
    {
        self.validation_batches = Some(Box::new(batches));
        self
    }

    /// How many samples are validated with at once; [`Fit::batch_size`] by default.
    pub fn validation_batch_size(mut self, validation_batch_size: usize) -> Fit<'a, M> {
        self.validation_batch_size = Some(validation_batch_size);
        self
    }

    /// The most batches to validate with; all samples by default.
    pub fn validation_steps(mut self, validation_steps: usize) -> Fit<'a, M> {
        self.validation_steps = Some(validation_steps);
        self
    }

    /// After how many epochs to validate again; 1 by default.
    pub fn validation_freq(mut self, validation_freq: usize) -> Fit<'a, M> {
        self.validation_freq = validation_freq;
        self
    }

    /// How much the samples of a class count in training, for labels and one-hot targets; those not
    /// named count 1. A class need not occur, but targets must be able to have it.
    pub fn class_weight(
        mut self,
        class_weight: impl IntoIterator<Item = (usize, Float)>,
    ) -> Fit<'a, M> {
        self.class_weight = class_weight.into_iter().collect();
        self
    }

    /// How much each sample counts: `(samples)`.
    pub fn sample_weight(mut self, sample_weight: impl Into<Data<'a>>) -> Fit<'a, M> {
        self.sample_weight = Some(sample_weight.into());
        self
    }

    /// What is printed: 0 nothing, 1 a progress bar for each epoch, 2 a line for each. Where the
    /// output is no terminal, 1 is as 2. By default 1.
    pub fn verbose(mut self, verbose: u8) -> Fit<'a, M> {
        self.verbose = verbose;
        self
    }

    /// Adds a [callback](crate::callbacks), which is called after those added before.
    pub fn callback(mut self, callback: impl Callback<M> + 'a) -> Fit<'a, M> {
        self.callbacks.0.push(Box::new(callback));
        self
    }

    /// Whether Ctrl-C ends training as [`Trainer::stop_training`](crate::Trainer::stop_training)
    /// does: after the batch that runs, the epoch ends with all that belongs to its end, such as
    /// validation and checkpoints, and `fit` returns. A second Ctrl-C kills. No by default.
    ///
    /// This makes the program handle the signal SIGINT from here on; outside of a `fit` with this
    /// option it does what it does by default.
    pub fn stop_on_ctrl_c(mut self, stop_on_ctrl_c: bool) -> Fit<'a, M> {
        self.stop_on_ctrl_c = stop_on_ctrl_c;
        self
    }

    /// Refuses what batches have no use for.
    pub(super) fn check_for_batches(&self, is_single: bool) -> Result<(), Error> {
        if self.sample_weight.is_some() {
            let expected = "left out where batches come one by one; each has its own";
            return wrong("sample_weight", "given", expected);
        }
        if self.validation_split != 0.0 {
            let expected = "left out where batches come one by one; give validation_data";
            return wrong("validation_split", &self.validation_split.to_string(), expected);
        }
        let epochs = self.epochs.saturating_sub(self.initial_epoch);
        if is_single && self.steps_per_epoch.is_none() && epochs > 1 {
            let expected = "given where one iterator has the batches of several epochs; or make \
                            an iterator for each with `Batches::epochs`";
            return wrong("steps_per_epoch", "left out", expected);
        }
        Ok(())
    }

    pub(super) fn check(&self) -> Result<(), Error> {
        super::check_batch_size(self.batch_size)?;
        if self.epochs == 0 {
            return wrong("epochs", "0", "1 or more");
        }
        if let Some(batches) = &self.validation_batches {
            if self.validation.is_some() {
                let expected = "left out where there is validation_data";
                return wrong("validation_batches", "given", expected);
            }
            if batches.is_single() && self.epochs.saturating_sub(self.initial_epoch) > 1 {
                let expected = "made by `Batches::epochs`, anew for each validation";
                return wrong("validation_batches", "a single iterator", expected);
            }
        }
        for (name, value) in [
            ("validation_batch_size", self.validation_batch_size),
            ("validation_steps", self.validation_steps),
        ] {
            if value == Some(0) {
                return wrong(name, "0", "1 or more");
            }
        }
        if self.validation_weight.is_some() && self.validation.is_none() {
            let expected = "left out where there is no validation_data";
            return wrong("validation_sample_weight", "given", expected);
        }
        if self.steps_per_epoch == Some(0) {
            return wrong("steps_per_epoch", "0", "1 or more");
        }
        if self.validation_freq == 0 {
            return wrong("validation_freq", "0", "1 or more");
        }
        if !(0.0..1.0).contains(&self.validation_split) {
            let value = self.validation_split.to_string();
            return wrong("validation_split", &value, "a number from 0 to below 1");
        }
        check_verbose(self.verbose)
    }
}

/// The error for an option, outside of what is compiled for each model.
fn wrong(name: &'static str, value: &str, expected: &'static str) -> Result<(), Error> {
    Err(Error::Option { name, value: value.to_owned(), expected })
}

fn check_verbose(verbose: u8) -> Result<(), Error> {
    if verbose <= 2 {
        return Ok(());
    }
    wrong("verbose", &verbose.to_string(), "0, 1 or 2")
}

fn check_steps(steps: Option<usize>) -> Result<(), Error> {
    if steps != Some(0) {
        return Ok(());
    }
    wrong("steps", "0", "1 or more")
}

/// How to evaluate: the arguments of Keras's `evaluate`.
///
/// ```
/// use model_runtime::prelude::*;
/// let net = model! { x = Input(2); Dense(1)(x) };
/// let trainer = net.compile("sgd", "mse")?;
/// let (x, y) = (ndarray::array![[1.0, 2.0], [3.0, 4.0]], ndarray::array![[3.0], [7.0]]);
/// let first = trainer.evaluate_with(&x, &y, Evaluate::default().batch_size(1).steps(1))?;
/// let one = trainer.evaluate(x.slice(s![..1, ..]), y.slice(s![..1, ..]))?;
/// assert_eq!(first["loss"], one["loss"]);
///
/// let mut batches = 0;
/// let count = LambdaCallback::new().on_test_batch_end(|_, _, _| {
///     batches += 1;
///     Ok(())
/// });
/// trainer.evaluate_with(&x, &y, Evaluate::default().batch_size(1).verbose(0).callback(count))?;
/// assert_eq!(batches, 2);
/// # Ok::<(), Error>(())
/// ```
pub struct Evaluate<'a, M: Functional> {
    pub(super) batch_size: usize,
    pub(super) steps: Option<usize>,
    pub(super) sample_weight: Option<Data<'a>>,
    pub(super) verbose: u8,
    pub(super) callbacks: Callbacks<'a, M>,
}

/// How to predict: the arguments of Keras's `predict`. See
/// [`Trainer::predict_with`](crate::Trainer::predict_with)
/// for a callback.
///
/// ```
/// use model_runtime::prelude::*;
/// let net = model! { x = Input(2); Dense(1)(x) };
/// let trainer = net.compile("sgd", "mse")?;
/// let x = ndarray::Array2::<f32>::ones((10, 2));
/// let first = trainer.predict_with(&x, Predict::default().batch_size(4).steps(2).verbose(0))?;
/// assert_eq!(first.shape(), [8, 1]);
/// # Ok::<(), Error>(())
/// ```
pub struct Predict<'a, M: Functional> {
    pub(super) batch_size: usize,
    pub(super) steps: Option<usize>,
    pub(super) verbose: u8,
    pub(super) callbacks: Callbacks<'a, M>,
}

/// What both have.
macro_rules! options {
    ($options:ident, $computed:literal $(, $field:ident)?) => {
        impl<M: Functional> Default for $options<'_, M> {
            /// 32 samples at a time, all of them, and nothing is printed.
            fn default() -> Self {
                let callbacks = Callbacks::default();
                $options { batch_size: 32, steps: None, verbose: 0, callbacks $(, $field: None)? }
            }
        }

        impl<'a, M: Functional> $options<'a, M> {
            #[doc = concat!("How many samples are ", $computed, " at once; 32 by default. Of ")]
            /// [`Batches`], each has its own number.
            pub fn batch_size(mut self, batch_size: usize) -> Self {
                self.batch_size = batch_size;
                self
            }

            #[doc = concat!("The most batches that are ", $computed, "; all by default.")]
            pub fn steps(mut self, steps: usize) -> Self {
                self.steps = Some(steps);
                self
            }

            /// What is printed, as of [`Fit::verbose`]: 0 nothing, 1 a progress bar, 2 a line. By
            /// default 0, where Keras has 1.
            pub fn verbose(mut self, verbose: u8) -> Self {
                self.verbose = verbose;
                self
            }

            /// Adds a [callback](crate::callbacks), which is called after those added before.
            pub fn callback(mut self, callback: impl Callback<M> + 'a) -> Self {
                self.callbacks.0.push(Box::new(callback));
                self
            }

            pub(super) fn check(&self) -> Result<(), Error> {
                super::check_batch_size(self.batch_size)?;
                check_steps(self.steps)?;
                check_verbose(self.verbose)
            }
        }
    };
}

options! { Evaluate, "evaluated", sample_weight }
options! { Predict, "predicted" }

impl<'a, M: Functional> Evaluate<'a, M> {
    /// How much each sample counts: `(samples)`.
    pub fn sample_weight(mut self, sample_weight: impl Into<Data<'a>>) -> Evaluate<'a, M> {
        self.sample_weight = Some(sample_weight.into());
        self
    }

    /// Refuses what batches have no use for.
    pub(super) fn check_for_batches(&self) -> Result<(), Error> {
        if self.sample_weight.is_none() {
            return Ok(());
        }
        let (name, value) = ("sample_weight", "given".to_owned());
        let expected = "left out where batches come one by one; each has its own";
        Err(Error::Option { name, value, expected })
    }
}
