use model_spec::layers::minimum::ENTRY;

use super::support::{fold, several_inputs};
use crate::Var;
use crate::ops::binary::Binary;

/// The smallest of its inputs, element by element: `min(x, y, …)`; of equals the first gets
/// the gradient;
/// [Keras's `Minimum`](https://keras.io/api/layers/merging_layers/minimum/).
///
/// - Inputs: two or more, `(samples, …)`, of equal shapes; an axis of size 1 is stretched.
/// - Output: their common shape.
///
/// ```
/// use model_runtime::prelude::*;
/// let layer = Minimum::new();
/// let y = tape::run(Mode::Inference, || {
///     let [x, y] = [ndarray::array![[1.0, 2.0]], ndarray::array![[3.0, 4.0]]];
///     layer.call(&[Var::from_array(&x), Var::from_array(&y)]).to_array()
/// })?;
/// assert_eq!(y, ndarray::array![[1.0, 2.0]].into_dyn());
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Minimum;

several_inputs!(Minimum);

impl Minimum {
    /// The layer; it has no arguments.
    pub fn new() -> Minimum {
        Minimum
    }

    #[track_caller]
    fn run(&self, inputs: &[Var]) -> Var {
        fold(&ENTRY, Binary::Minimum, inputs)
    }
}
