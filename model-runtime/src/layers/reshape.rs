use model_spec::layers::reshape::ENTRY;

use super::support::{one_input, samples};
use super::{accepts, tuple};
use crate::ops::view;
use crate::{Var, tape};

/// The same numbers, in the same order, along other axes;
/// [Keras's `Reshape`](https://keras.io/api/layers/reshaping_layers/reshape/).
///
/// - Input: `(samples, …)`. Output: `(samples, target_shape…)`.
///
/// ```
/// use model_runtime::prelude::*;
/// let layer = Reshape::new(&[2, -1]);
/// let y = tape::run(Mode::Inference, || {
///     layer.call(Var::from_array(&ndarray::array![[1.0, 2.0, 3.0, 4.0]])).to_array()
/// })?;
/// assert_eq!(y, ndarray::array![[[1.0, 2.0], [3.0, 4.0]]].into_dyn());
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Reshape {
    target_shape: Vec<i64>,
}

one_input!(Reshape);

impl Reshape {
    /// To this shape, without the sample axis. One size may be -1: what is left over.
    pub fn new(target_shape: &[i64]) -> Reshape {
        Reshape { target_shape: target_shape.to_vec() }
    }

    #[track_caller]
    fn run(&self, inputs: &[Var]) -> Var {
        match accepts(&ENTRY, &[tuple(&self.target_shape)], inputs) {
            Ok(values) => {
                let shape = values.get(0).shape.with_first(samples(inputs[0]));
                tape::apply(view::Reshape(shape), inputs)
            }
            Err(poison) => poison,
        }
    }
}
