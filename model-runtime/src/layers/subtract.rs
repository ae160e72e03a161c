use model_spec::layers::subtract::ENTRY;

use super::support::{fold, several_inputs};
use crate::Var;
use crate::ops::binary::Binary;

/// The first of two inputs minus the second, element by element: `x - y`;
/// [Keras's `Subtract`](https://keras.io/api/layers/merging_layers/subtract/).
///
/// - Inputs: two inputs, `(samples, …)`, of equal shapes; an axis of size 1 is stretched.
/// - Output: their common shape.
///
/// ```
/// use model_runtime::prelude::*;
/// let layer = Subtract::new();
/// let y = tape::run(Mode::Inference, || {
///     let [x, y] = [ndarray::array![[1.0, 2.0]], ndarray::array![[3.0, 4.0]]];
///     layer.call(&[Var::from_array(&x), Var::from_array(&y)]).to_array()
/// })?;
/// assert_eq!(y, ndarray::array![[-2.0, -2.0]].into_dyn());
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Subtract;

several_inputs!(Subtract);

impl Subtract {
    /// The layer; it has no arguments.
    pub fn new() -> Subtract {
        Subtract
    }

    #[track_caller]
    fn run(&self, inputs: &[Var]) -> Var {
        fold(&ENTRY, Binary::Sub, inputs)
    }
}
