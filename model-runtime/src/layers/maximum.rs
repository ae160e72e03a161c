use model_spec::layers::maximum::ENTRY;

use super::support::{fold, several_inputs};
use crate::Var;
use crate::ops::binary::Binary;

/// The largest of its inputs, element by element: `max(x, y, …)`; of equals the first gets
/// the gradient;
/// [Keras's `Maximum`](https://keras.io/api/layers/merging_layers/maximum/).
///
/// - Inputs: two or more, `(samples, …)`, of equal shapes; an axis of size 1 is stretched.
/// - Output: their common shape.
///
/// ```
/// use model_runtime::prelude::*;
/// let layer = Maximum::new();
/// let y = tape::run(Mode::Inference, || {
///     let [x, y] = [ndarray::array![[1.0, 2.0]], ndarray::array![[3.0, 4.0]]];
///     layer.call(&[Var::from_array(&x), Var::from_array(&y)]).to_array()
/// })?;
/// assert_eq!(y, ndarray::array![[3.0, 4.0]].into_dyn());
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Maximum;

several_inputs!(Maximum);

impl Maximum {
    /// The layer; it has no arguments.
    pub fn new() -> Maximum {
        Maximum
    }

    #[track_caller]
    fn run(&self, inputs: &[Var]) -> Var {
        fold(&ENTRY, Binary::Maximum, inputs)
    }
}
