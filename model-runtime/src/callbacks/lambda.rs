use super::Callback;
use crate::{Error, Functional, Logs, Trainer};

type Hook<'a, M> = Box<dyn FnMut(&mut Trainer<M>) -> Result<(), Error> + 'a>;
type Numbered<'a, M> = Box<dyn FnMut(&mut Trainer<M>, usize) -> Result<(), Error> + 'a>;
type Ended<'a, M> = Box<dyn FnMut(&mut Trainer<M>, &Logs) -> Result<(), Error> + 'a>;
type EpochEnded<'a, M> =
    Box<dyn FnMut(&mut Trainer<M>, usize, &mut Logs) -> Result<(), Error> + 'a>;
type BatchEnded<'a, M> = Box<dyn FnMut(&mut Trainer<M>, usize, &Logs) -> Result<(), Error> + 'a>;

/// A callback of closures; [Keras's
/// `LambdaCallback`](https://keras.io/api/callbacks/lambda_callback/). Each has the arguments of
/// the method of [`Callback`] that has its name.
///
/// ```
/// use model_runtime::prelude::*;
/// let net = model! { x = Input(2); Dense(1)(x) };
/// let mut trainer = net.compile("sgd", "mse")?;
/// let (x, y) = (ndarray::array![[1.0, 2.0], [3.0, 4.0]], ndarray::array![[3.0], [7.0]]);
/// let mut losses = Vec::new();
/// let callback = LambdaCallback::new().on_train_batch_end(|_, batch, logs| {
///     losses.push((batch, logs["loss"]));
///     Ok(())
/// });
/// trainer.fit(&x, &y, Fit::epochs(2).batch_size(1).callback(callback).verbose(0))?;
/// assert_eq!(losses.len(), 4);
/// # Ok::<(), Error>(())
/// ```
pub struct LambdaCallback<'a, M: Functional> {
    on_train_begin: Option<Hook<'a, M>>,
    on_train_end: Option<Ended<'a, M>>,
    on_epoch_begin: Option<Numbered<'a, M>>,
    on_epoch_end: Option<EpochEnded<'a, M>>,
    on_train_batch_begin: Option<Numbered<'a, M>>,
    on_train_batch_end: Option<BatchEnded<'a, M>>,
}

impl<M: Functional> Default for LambdaCallback<'_, M> {
    fn default() -> Self {
        LambdaCallback {
            on_train_begin: None,
            on_train_end: None,
            on_epoch_begin: None,
            on_epoch_end: None,
            on_train_batch_begin: None,
            on_train_batch_end: None,
        }
    }
}

macro_rules! hooks {
    ($($name:ident($($argument:ty),*), $doc:literal;)*) => {
        impl<'a, M: Functional> LambdaCallback<'a, M> {
            /// Does nothing.
            pub fn new() -> Self {
                LambdaCallback::default()
            }

            $(
                #[doc = $doc]
                pub fn $name(
                    mut self,
                    hook: impl FnMut(&mut Trainer<M> $(, $argument)*) -> Result<(), Error> + 'a,
                ) -> Self {
                    self.$name = Some(Box::new(hook));
                    self
                }
            )*
        }

        impl<M: Functional> Callback<M> for LambdaCallback<'_, M> {
            $(hooks! { @call $name($($argument),*) })*
        }
    };
    (@call $name:ident()) => {
        fn $name(&mut self, trainer: &mut Trainer<M>) -> Result<(), Error> {
            self.$name.as_mut().map_or(Ok(()), |hook| hook(trainer))
        }
    };
    (@call $name:ident($a:ty)) => {
        fn $name(&mut self, trainer: &mut Trainer<M>, a: $a) -> Result<(), Error> {
            self.$name.as_mut().map_or(Ok(()), |hook| hook(trainer, a))
        }
    };
    (@call $name:ident($a:ty, $b:ty)) => {
        fn $name(&mut self, trainer: &mut Trainer<M>, a: $a, b: $b) -> Result<(), Error> {
            self.$name.as_mut().map_or(Ok(()), |hook| hook(trainer, a, b))
        }
    };
}

hooks! {
    on_train_begin(), "What is called when `fit` begins.";
    on_train_end(&Logs), "What is called when `fit` ends, and not with an error.";
    on_epoch_begin(usize), "What is called when an epoch begins.";
    on_epoch_end(usize, &mut Logs), "What is called when an epoch has ended.";
    on_train_batch_begin(usize), "What is called before a batch is trained on.";
    on_train_batch_end(usize, &Logs), "What is called after a batch has been trained on.";
}
