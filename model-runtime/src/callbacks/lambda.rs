use ndarray::ArrayD;

use super::{Callback, hooks};
use crate::{Error, Float, Functional, Logs, Trainer};

macro_rules! closures {
    ($($name:ident($($argument:ident: $type:ty),*), $doc:literal;)*) => {
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
        ///
        /// In this order:
        ///
        /// ```
        /// use model_runtime::prelude::*;
        /// use std::cell::RefCell;
        ///
        /// model! { struct Net { x = Input(2); Dense(1)(x) } }
        ///
        /// # fn main() -> Result<(), Error> {
        /// let seen = RefCell::new(Vec::new());
        /// let note = |what: &'static str| {
        ///     seen.borrow_mut().push(what);
        ///     Ok(())
        /// };
        /// let all = || {
        ///     LambdaCallback::<Net>::new()
        ///         .on_train_begin(|_| note("train begin"))
        ///         .on_epoch_begin(|_, _| note("epoch begin"))
        ///         .on_train_batch_begin(|_, _| note("batch begin"))
        ///         .on_train_batch_end(|_, _, _| note("batch end"))
        ///         .on_test_begin(|_| note("test begin"))
        ///         .on_test_batch_begin(|_, _| note("test batch begin"))
        ///         .on_test_batch_end(|_, _, _| note("test batch end"))
        ///         .on_test_end(|_, _| note("test end"))
        ///         .on_epoch_end(|_, _, logs| {
        ///             logs.set("seen", seen.borrow().len() as Float);
        ///             note("epoch end")
        ///         })
        ///         .on_train_end(|_, _| note("train end"))
        ///         .on_predict_begin(|_| note("predict begin"))
        ///         .on_predict_batch_begin(|_, _| note("predict batch begin"))
        ///         .on_predict_batch_end(|_, _, _| note("predict batch end"))
        ///         .on_predict_end(|_| note("predict end"))
        /// };
        /// let mut trainer = Net::new(0).compile("sgd", "mse")?;
        /// let (x, y) = (ndarray::array![[1.0, 2.0]], ndarray::array![[3.0]]);
        /// let options = Fit::epochs(1).validation_data(&x, &y).callback(all()).verbose(0);
        /// assert_eq!(trainer.fit(&x, &y, options)?["seen"], [8.0]);
        /// trainer.predict_with(&x, Predict::default().callback(all()))?;
        /// let expected = "train begin, epoch begin, batch begin, batch end, test begin, \
        ///                 test batch begin, test batch end, test end, epoch end, train end, \
        ///                 predict begin, predict batch begin, predict batch end, predict end";
        /// assert_eq!(seen.borrow().join(", "), expected);
        /// # Ok(())
        /// # }
        /// ```
        pub struct LambdaCallback<'a, M: Functional> {
            $($name: Option<Box<dyn FnMut($($type),*) -> Result<(), Error> + 'a>>,)*
        }

        impl<M: Functional> Default for LambdaCallback<'_, M> {
            fn default() -> Self {
                LambdaCallback { $($name: None),* }
            }
        }

        impl<'a, M: Functional> LambdaCallback<'a, M> {
            /// Does nothing.
            pub fn new() -> Self {
                LambdaCallback::default()
            }

            $(
                #[doc = $doc]
                pub fn $name(
                    mut self,
                    hook: impl FnMut($($type),*) -> Result<(), Error> + 'a,
                ) -> Self {
                    self.$name = Some(Box::new(hook));
                    self
                }
            )*
        }

        impl<M: Functional> Callback<M> for LambdaCallback<'_, M> {
            $(
                fn $name(&mut self, $($argument: $type),*) -> Result<(), Error> {
                    self.$name.as_mut().map_or(Ok(()), |hook| hook($($argument),*))
                }
            )*
        }
    };
}

hooks! { closures }
