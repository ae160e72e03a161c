//! What can be asked of a trainer's optimizer, and changed: learning rates and moving averages.

use super::Trainer;
use crate::{Error, Float, Functional};

impl<M: Functional> Trainer<M> {
    /// How far the optimizer's next step goes. Of a [`MultiOptimizer`](crate::MultiOptimizer), the
    /// one that is for no part; see [`Trainer::learning_rate_of`].
    pub fn learning_rate(&self) -> Float {
        self.core.updater.learning_rate(0)
    }

    /// Chooses how far the optimizer's steps go; it keeps what it remembers.
    ///
    /// # Errors
    /// [`Error::Option`] for a number that is negative or not finite, for an optimizer with a
    /// schedule, and for one with parts, whose learning rates are chosen by
    /// [`Trainer::set_learning_rate_of`]. The learning rate stays.
    pub fn set_learning_rate(&mut self, learning_rate: Float) -> Result<(), Error> {
        if self.core.updater.parts() > 1 {
            return Err(Error::Option {
                name: "learning_rate",
                value: "that of several optimizers".to_owned(),
                expected: "set for each of them, by `set_learning_rate_of`",
            });
        }
        self.core.updater.set_learning_rate(0, learning_rate)
    }

    /// How far the next step of the optimizer goes that changes the weights of this path, such as
    /// `"encoder"` or `"encoder.dense.kernel"`.
    ///
    /// # Errors
    /// [`Error::UnknownName`] for a path that no weight's begins with.
    pub fn learning_rate_of(&self, path: &str) -> Result<Float, Error> {
        let place = self.core.updater.place_of(path, &crate::Model::parameters(&self.model))?;
        Ok(self.core.updater.learning_rate(place))
    }

    /// Chooses how far the steps of the optimizer go that changes the weights of this path.
    ///
    /// ```
    /// use model_runtime::prelude::*;
    /// let net = model! { x = Input(2); h = Dense(2)(x); y = Dense(1, name = "y")(h); };
    /// let optimizer = MultiOptimizer::new(SGD::new(0.5)).with("h", SGD::new(0.25));
    /// let mut trainer = net.compile(optimizer, "mse")?;
    /// trainer.set_learning_rate_of("h", 0.125)?;
    /// assert_eq!(trainer.learning_rate_of("h.kernel")?, 0.125);
    /// assert_eq!(trainer.learning_rate_of("y.kernel")?, 0.5);
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::UnknownName`] for a path that no weight's begins with, and [`Error::Option`] as for
    /// [`Trainer::set_learning_rate`].
    pub fn set_learning_rate_of(&mut self, path: &str, learning_rate: Float) -> Result<(), Error> {
        let place = self.core.updater.place_of(path, &self.model.parameters())?;
        self.core.updater.set_learning_rate(place, learning_rate)
    }

    /// Swaps the weights and their moving averages, to evaluate, predict or save with these:
    /// Keras's `SwapEMAWeights`. Call it again before training goes on.
    ///
    /// ```
    /// use model_runtime::prelude::*;
    /// let net = model! { x = Input(2); Dense(1)(x) };
    /// let mut trainer = net.compile(SGD::new(0.1).use_ema(true), "mse")?;
    /// let (x, y) = (ndarray::array![[1.0, 2.0]], ndarray::array![[3.0]]);
    /// for _ in 0..10 {
    ///     trainer.train_on_batch(&x, &y)?;
    /// }
    /// trainer.swap_ema_weights()?;
    /// let averaged = trainer.evaluate(&x, &y)?;
    /// trainer.swap_ema_weights()?;
    /// # assert!(averaged["loss"] > trainer.evaluate(&x, &y)?["loss"]);
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Option`] if no optimizer keeps averages.
    pub fn swap_ema_weights(&mut self) -> Result<(), Error> {
        self.core.updater.check_averages()?;
        self.core.updater.swap_averages(&self.model.parameters());
        Ok(())
    }

    /// Puts the moving averages in the place of the weights, as the end of `fit` does.
    ///
    /// ```
    /// use model_runtime::prelude::*;
    /// use ndarray::array;
    /// let net = model! {
    ///     x = Input(1);
    ///     Dense(1, use_bias = false, kernel_initializer = ones)(x)
    /// };
    /// let mut trainer = net.compile(SGD::new(0.25).use_ema(true).ema_momentum(0.5), "mse")?;
    /// for _ in 0..2 {
    ///     trainer.train_on_batch(&array![[1.0]], &array![[0.0]])?; // halves the weight
    /// }
    /// assert_eq!(trainer.model().get_weights()[0][[0, 0]], 0.25);
    /// trainer.apply_ema_weights()?;
    /// assert_eq!(trainer.model().get_weights()[0][[0, 0]], (0.5 + 0.25) / 2.0);
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Option`] if no optimizer keeps averages.
    pub fn apply_ema_weights(&mut self) -> Result<(), Error> {
        self.core.updater.check_averages()?;
        self.core.updater.apply_averages(&self.trainable());
        Ok(())
    }
}
