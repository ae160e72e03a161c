use model_spec::layers::concatenate::ENTRY;
use model_spec::{ArgValue, Shape};

use super::accepts;
use super::support::{several_inputs, together};
use crate::tensor::Tensor;
use crate::{Var, tape};

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
///
/// Along another axis than the last:
///
/// ```
/// use model_runtime::prelude::*;
/// use ndarray::array;
/// let layer = Concatenate::new().axis(1);
/// let y = tape::run(Mode::Inference, || {
///     let [x, y] = [array![[[1.0, 2.0]]], array![[[3.0, 4.0]]]];
///     layer.call(&[Var::from_array(&x), Var::from_array(&y)]).to_array()
/// })?;
/// assert_eq!(y, array![[[1.0, 2.0], [3.0, 4.0]]].into_dyn());
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
        if let Err(poison) = accepts(&ENTRY, &[ArgValue::Int(self.axis)], inputs) {
            return poison;
        }
        let inputs = together(inputs.to_vec());
        let joined = Var::concatenate(&inputs, self.axis as isize);
        match self.mask(&inputs) {
            Some(mask) if !joined.is_poison() => tape::set_mask(joined, mask),
            _ => joined,
        }
    }

    /// The masks joined where the axis is one of theirs; else a position counts where it does in
    /// one of the inputs. Without a mask, all do, as in Keras.
    #[track_caller]
    fn mask(&self, inputs: &[Var]) -> Option<Var> {
        let rank = inputs.iter().filter_map(|x| x.mask()).map(|mask| mask.shape().rank()).max()?;
        let of = |x: &Var| match x.mask() {
            Some(mask) => mask,
            None => {
                let shape = x.shape();
                let first = Shape::new(&shape.dims()[..rank.min(shape.rank())]);
                tape::constant(Tensor::full(first, 1.0))
            }
        };
        let masks: Vec<Var> = inputs.iter().map(of).collect();
        let axes = inputs[0].shape().rank() as i64;
        let axis = if self.axis < 0 { self.axis + axes } else { self.axis };
        if axis < rank as i64 {
            return Some(Var::concatenate(&masks, axis as isize));
        }
        masks.into_iter().reduce(Var::maximum)
    }
}

impl Default for Concatenate {
    fn default() -> Concatenate {
        Concatenate::new()
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array3, ArrayD, array};

    use super::*;
    use crate::{Float, Mode};

    /// By Keras's `Concatenate.compute_mask`.
    #[test]
    fn masks_are_joined_with_their_values() {
        let mask = |axis: i64, second: Option<[[Float; 2]; 1]>| -> ArrayD<Float> {
            tape::run(Mode::Inference, || {
                let x = || Var::from_array(&Array3::<Float>::ones((1, 2, 3)));
                let a = x().with_mask(Var::from_array(&array![[1.0, 0.0]]));
                let b = second.map_or(x(), |mask| x().with_mask(Var::from_array(&array(mask))));
                let y = Concatenate::new().axis(axis).call(&[a, b]);
                y.mask().expect("a mask came in").to_array()
            })
            .unwrap()
        };
        fn array(mask: [[Float; 2]; 1]) -> ndarray::Array2<Float> {
            ndarray::arr2(&mask)
        }
        let other = Some([[0.0, 0.0]]);
        assert_eq!(mask(-1, other), array![[1.0, 0.0]].into_dyn());
        assert_eq!(mask(1, other), array![[1.0, 0.0, 0.0, 0.0]].into_dyn());
        assert_eq!(mask(-1, None), array![[1.0, 1.0]].into_dyn());
        assert_eq!(mask(1, None), array![[1.0, 0.0, 1.0, 1.0]].into_dyn());
    }
}
