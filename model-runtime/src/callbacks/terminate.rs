use super::Callback;
use crate::{Error, Functional, Trainer};

/// Ends training, without an error, at a loss that is NaN or infinite;
/// [Keras's `TerminateOnNaN`](https://keras.io/api/callbacks/terminate_on_nan/).
///
/// Without it, such a loss is an error of `fit`, which Keras has with `raise_error`. In both cases
/// the batch has changed nothing. Gradients and updates that are not finite count as well.
///
/// ```
/// use model_runtime::prelude::*;
/// let net = model! { x = Input(2); Dense(1)(x) };
/// let mut trainer = net.compile(SGD::new(1e9), "mse")?;
/// let (x, y) = (ndarray::array![[1.0, 2.0]], ndarray::array![[3.0]]);
/// assert!(trainer.fit(&x, &y, Fit::epochs(100).verbose(0)).is_err());
/// let history = trainer.fit(&x, &y, Fit::epochs(100).callback(TerminateOnNaN).verbose(0))?;
/// assert!(history.epochs.is_empty());
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TerminateOnNaN;

impl<M: Functional> Callback<M> for TerminateOnNaN {
    fn forgives(&mut self, trainer: &mut Trainer<M>, error: &Error) -> bool {
        let is_meant = matches!(
            error,
            Error::LossNotFinite { .. }
                | Error::GradientNotFinite { .. }
                | Error::WeightNotFinite { .. }
                | Error::VariableNotFinite { .. }
        );
        if is_meant {
            trainer.print(format!("Training ends: {error}"));
        }
        is_meant
    }
}
