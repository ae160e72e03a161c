use model_spec::Entry;
use model_spec::layers::average::ENTRY;

use super::support::{fold, several_inputs};
use crate::ops::binary::Binary;
use crate::ops::map::Map;
use crate::{Var, tape};

/// The mean of its inputs, element by element: `(x + y + …) / n`;
/// [Keras's `Average`](https://keras.io/api/layers/merging_layers/average/).
///
/// - Inputs: two or more, `(samples, …)`, of equal shapes; an axis of size 1 is stretched.
/// - Output: their common shape.
///
/// ```
/// use model_runtime::prelude::*;
/// let layer = Average::new();
/// let y = tape::run(Mode::Inference, || {
///     let [x, y] = [ndarray::array![[1.0, 2.0]], ndarray::array![[3.0, 4.0]]];
///     layer.call(&[Var::from_array(&x), Var::from_array(&y)]).to_array()
/// })?;
/// assert_eq!(y, ndarray::array![[2.0, 3.0]].into_dyn());
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Average;

several_inputs!(Average);

impl Average {
    /// The layer; it has no arguments.
    pub fn new() -> Average {
        Average
    }

    #[track_caller]
    fn run(&self, inputs: &[Var]) -> Var {
        average(&ENTRY, inputs)
    }
}

/// The mean of these inputs of a layer or function.
#[track_caller]
pub(crate) fn average(entry: &Entry, inputs: &[Var]) -> Var {
    let sum = fold(entry, Binary::Add, inputs);
    tape::apply(Map::DividedBy(inputs.len().max(1) as f64), &[sum])
}
