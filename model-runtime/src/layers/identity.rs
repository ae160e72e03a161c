use model_spec::layers::identity::ENTRY;

use super::accepts;
use super::support::one_input;
use crate::Var;

/// The input, as it is;
/// [Keras's `Identity`](https://keras.io/api/layers/core_layers/identity/).
///
/// - Input: `(samples, …)`. Output: the same shape.
///
/// ```
/// use model_runtime::prelude::*;
/// let layer = Identity::new();
/// let y = tape::run(Mode::Inference, || {
///     layer.call(Var::from_array(&ndarray::array![[1.0, 2.0]])).to_array()
/// })?;
/// assert_eq!(y, ndarray::array![[1.0, 2.0]].into_dyn());
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Identity;

one_input!(Identity);

impl Identity {
    /// The layer; it has no arguments.
    pub fn new() -> Identity {
        Identity
    }

    #[track_caller]
    fn run(&self, inputs: &[Var]) -> Var {
        match accepts(&ENTRY, &[], inputs) {
            Ok(_) => inputs[0],
            Err(poison) => poison,
        }
    }
}
