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
