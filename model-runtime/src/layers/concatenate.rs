use model_spec::ArgValue;
use model_spec::layers::concatenate::ENTRY;

use super::accepts;
use super::support::several_inputs;
use crate::Var;

/// The inputs joined along an axis;
/// [Keras's `Concatenate`](https://keras.io/api/layers/merging_layers/concatenate/).
///
/// - Inputs: two or more, `(samples, …)`, equal in all other axes.
/// - Output: the sizes of the axis add up.
///
/// ```
/// use model_runtime::prelude::*;
/// let layer = Concatenate::new();
/// let y = tape::run(Mode::Inference, || {
///     let [x, y] = [ndarray::array![[1.0, 2.0]], ndarray::array![[3.0]]];
///     layer.call(&[Var::from_array(&x), Var::from_array(&y)]).to_array()
/// })?;
/// assert_eq!(y, ndarray::array![[1.0, 2.0, 3.0]].into_dyn());
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Concatenate {
    axis: i64,
}

several_inputs!(Concatenate);

impl Concatenate {
    /// Along the last axis, until [`Concatenate::axis`] says otherwise.
    pub fn new() -> Concatenate {
        Concatenate { axis: -1 }
    }

    /// The axis, from 1 (the first after the samples); -1, the last, by default.
    pub fn axis(mut self, axis: i64) -> Concatenate {
        self.axis = axis;
        self
    }

    #[track_caller]
    fn run(&self, inputs: &[Var]) -> Var {
        match accepts(&ENTRY, &[ArgValue::Int(self.axis)], inputs) {
            Ok(_) => Var::concatenate(inputs, self.axis as isize),
            Err(poison) => poison,
        }
    }
}

impl Default for Concatenate {
    fn default() -> Concatenate {
        Concatenate::new()
    }
}
