use model_spec::layers::flatten::ENTRY;

use super::accepts;
use super::support::one_input;
use crate::Var;

/// All numbers of a sample in one axis;
/// [Keras's `Flatten`](https://keras.io/api/layers/reshaping_layers/flatten/).
///
/// - Input: `(samples, a, b, …)`. Output: `(samples, a · b · …)`.
///
/// ```
/// use model_runtime::prelude::*;
/// let layer = Flatten::new();
/// let y = tape::run(Mode::Inference, || {
///     layer.call(Var::from_array(&ndarray::array![[[1.0, 2.0], [3.0, 4.0]]])).to_array()
/// })?;
/// assert_eq!(y, ndarray::array![[1.0, 2.0, 3.0, 4.0]].into_dyn());
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Flatten;

one_input!(Flatten);

impl Flatten {
    /// The layer; it has no arguments.
    pub fn new() -> Flatten {
        Flatten
    }

    #[track_caller]
    fn run(&self, inputs: &[Var]) -> Var {
        match accepts(&ENTRY, &[], inputs) {
            Ok(_) => inputs[0].flatten(),
            Err(poison) => poison,
        }
    }
}
