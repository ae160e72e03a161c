use model_spec::ArgValue;
use model_spec::layers::repeat_vector::ENTRY;

use super::accepts;
use super::support::{one_input, samples};
use crate::ops::view::View;
use crate::{Var, tape};

/// The input, `n` times one after the other;
/// [Keras's `RepeatVector`](https://keras.io/api/layers/reshaping_layers/repeat_vector/).
///
/// - Input: `(samples, features)`. Output: `(samples, n, features)`.
///
/// ```
/// use model_runtime::prelude::*;
/// let layer = RepeatVector::new(2);
/// let y = tape::run(Mode::Inference, || {
///     layer.call(Var::from_array(&ndarray::array![[1.0, 2.0]])).to_array()
/// })?;
/// assert_eq!(y, ndarray::array![[[1.0, 2.0], [1.0, 2.0]]].into_dyn());
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct RepeatVector {
    n: usize,
}

one_input!(RepeatVector);

impl RepeatVector {
    /// This many times.
    pub fn new(n: usize) -> RepeatVector {
        RepeatVector { n }
    }

    #[track_caller]
    fn run(&self, inputs: &[Var]) -> Var {
        match accepts(&ENTRY, &[ArgValue::Int(self.n as i64)], inputs) {
            Ok(values) => {
                let shape = values.get(0).shape.with_first(samples(inputs[0]));
                let strides = vec![shape.last() as isize, 0, 1];
                tape::apply(View { shape, start: 0, strides }, inputs)
            }
            Err(poison) => poison,
        }
    }
}
