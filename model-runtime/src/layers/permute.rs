use model_spec::layers::permute::ENTRY;

use super::support::{one_input, with_samples};
use super::{accepts, tuple};
use crate::Var;

/// The axes in another order;
/// [Keras's `Permute`](https://keras.io/api/layers/reshaping_layers/permute/).
///
/// - Input: `(samples, d₁, d₂, …)`. Output: for `dims` = (2, 1), `(samples, d₂, d₁)`.
///
/// ```
/// use model_runtime::prelude::*;
/// let layer = Permute::new(&[2, 1]);
/// let y = tape::run(Mode::Inference, || {
///     layer.call(Var::from_array(&ndarray::array![[[1.0, 2.0], [3.0, 4.0]]])).to_array()
/// })?;
/// assert_eq!(y, ndarray::array![[[1.0, 3.0], [2.0, 4.0]]].into_dyn());
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Permute {
    dims: Vec<i64>,
}

one_input!(Permute);

impl Permute {
    /// In this order: each axis once, counted from 1, the first after the samples.
    pub fn new(dims: &[i64]) -> Permute {
        Permute { dims: dims.to_vec() }
    }

    #[track_caller]
    fn run(&self, inputs: &[Var]) -> Var {
        match accepts(&ENTRY, &[tuple(&self.dims)], inputs) {
            Ok(_) => inputs[0].transpose(&with_samples(&self.dims)),
            Err(poison) => poison,
        }
    }
}
