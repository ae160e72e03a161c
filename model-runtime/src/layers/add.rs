use model_spec::layers::add::ENTRY;

use super::support::{fold, several_inputs};
use crate::Var;
use crate::ops::binary::Binary;

/// The sum of its inputs, element by element: `x + y + …`;
/// [Keras's `Add`](https://keras.io/api/layers/merging_layers/add/).
///
/// - Inputs: two or more, `(samples, …)`, of equal shapes; an axis of size 1 is stretched.
/// - Output: their common shape.
///
/// ```
/// use model_runtime::prelude::*;
/// let layer = Add::new();
/// let y = tape::run(Mode::Inference, || {
///     let [x, y] = [ndarray::array![[1.0, 2.0]], ndarray::array![[3.0, 4.0]]];
///     layer.call(&[Var::from_array(&x), Var::from_array(&y)]).to_array()
/// })?;
/// assert_eq!(y, ndarray::array![[4.0, 6.0]].into_dyn());
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Add;

several_inputs!(Add);

impl Add {
    /// The layer; it has no arguments.
    pub fn new() -> Add {
        Add
    }

    #[track_caller]
    fn run(&self, inputs: &[Var]) -> Var {
        fold(&ENTRY, Binary::Add, inputs)
    }
}
