use model_spec::layers::dot::ENTRY;
use model_spec::{ArgValue, Entry, MAX_RANK, Shape, resolve_axis};

use super::support::{samples, several_inputs, together};
use super::{accepts, tuple};
use crate::ops::binary::Binary;
use crate::ops::map::Map;
use crate::ops::reduce::Reduction;
use crate::ops::view::Reshape;
use crate::{Var, tape};

/// The products of two inputs along one axis of each, summed;
/// [Keras's `Dot`](https://keras.io/api/layers/merging_layers/dot/).
///
/// - Inputs: two, `(samples, …)`, whose summed axes are equal.
/// - Output: `(samples, …)`: the other axes of the first, then those of the second; `(samples, 1)`
///   where none are left.
///
/// ```
/// use model_runtime::prelude::*;
/// let layer = Dot::new(&[1]);
/// let y = tape::run(Mode::Inference, || {
///     let [x, y] = [ndarray::array![[1.0, 2.0]], ndarray::array![[3.0, 4.0]]];
///     layer.call(&[Var::from_array(&x), Var::from_array(&y)]).to_array()
/// })?;
/// assert_eq!(y, ndarray::array![[11.0]].into_dyn());
/// # Ok::<(), Error>(())
/// ```
///
/// Of vectors that are made as long as 1, it is the cosine of the angle between them:
///
/// ```
/// use model_runtime::prelude::*;
/// use ndarray::array;
/// let layer = Dot::new(&[1]).normalize(true);
/// let y = tape::run(Mode::Inference, || {
///     let [x, y] = [array![[2.0, 0.0]], array![[3.0, 4.0]]];
///     layer.call(&[Var::from_array(&x), Var::from_array(&y)]).to_array()
/// })?;
/// assert!((y[[0, 0]] - 0.6).abs() < 1e-6);
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Dot {
    axes: Vec<i64>,
    normalize: bool,
}

several_inputs!(Dot);

impl Dot {
    /// Along this axis of both, or one of each, from 1 (the first after the samples).
    pub fn new(axes: &[i64]) -> Dot {
        Dot { axes: axes.to_vec(), normalize: false }
    }

    /// Whether the inputs are first divided by their length along the axes, so that the cosine of
    /// the angle between them comes out; no by default.
    pub fn normalize(mut self, normalize: bool) -> Dot {
        self.normalize = normalize;
        self
    }

    #[track_caller]
    fn run(&self, inputs: &[Var]) -> Var {
        dot(&ENTRY, &self.axes, self.normalize, inputs)
    }
}

/// The products of two inputs of a layer or function along one axis of each, summed.
#[track_caller]
pub(crate) fn dot(entry: &Entry, axes: &[i64], normalize: bool, inputs: &[Var]) -> Var {
    let values = match accepts(entry, &[tuple(axes), ArgValue::Bool(normalize)], inputs) {
        Ok(values) => values,
        Err(poison) => return poison,
    };
    let axes = [axes[0], axes[axes.len() - 1]];
    let inputs = together([inputs[0], inputs[1]]);
    let [a, b] = [0, 1].map(|i| {
        let (x, shape) = (inputs[i], inputs[i].shape());
        // The rule has found the axis, so there is one.
        let axis = resolve_axis(entry.name, axes[i], &shape.without_first()).unwrap_or(0) + 1;
        let x = if normalize { unit(x, axis) } else { x };
        matrix(x, &shape, axis, i == 0)
    });
    let product = a.matmul(b);
    if product.is_poison() {
        return product;
    }
    let shape = values.get(0).shape.with_first(samples(product));
    tape::apply(Reshape(shape), &[product])
}

/// Divided by the length along an axis, by at least 1e-6 as in Keras.
#[track_caller]
fn unit(x: Var, axis: usize) -> Var {
    let mut axes = [false; MAX_RANK];
    axes[axis] = true;
    let length = Reduction::Sum.call(x.square(), axes, true);
    let factor = tape::apply(Map::Clip(1e-12, f64::INFINITY), &[length]).rsqrt();
    tape::apply(Binary::Mul, &[x, factor])
}

/// Each sample as a matrix whose columns, or rows, are the axis.
#[track_caller]
fn matrix(x: Var, shape: &Shape, axis: usize, columns: bool) -> Var {
    let others = (1..shape.rank()).filter(|&other| other != axis);
    let mut order: Vec<isize> = others.clone().map(|axis| axis as isize).collect();
    order.insert(if columns { order.len() } else { 0 }, axis as isize);
    order.insert(0, 0);
    let (count, n) = (others.map(|axis| shape.dim(axis)).product(), shape.dim(axis));
    let dims = if columns { [shape.dim(0), count, n] } else { [shape.dim(0), n, count] };
    tape::apply(Reshape(Shape::new(&dims)), &[x.transpose(&order)])
}

#[cfg(test)]
mod tests {
    use ndarray::{Array3, Axis, array};

    use super::*;
    use crate::{Float, Mode};

    #[test]
    fn products_are_those_of_ndarray() {
        let a = Array3::from_shape_fn((2, 3, 4), |(i, j, k)| (i + 2 * j + 3 * k) as Float);
        let b = Array3::from_shape_fn((2, 5, 3), |(i, j, k)| (i * j + k) as Float);
        let layer = Dot::new(&[1, 2]);
        let y = tape::run(Mode::Inference, || {
            layer.call(&[Var::from_array(&a), Var::from_array(&b)]).to_array()
        });
        let y = y.unwrap();
        for i in 0..2 {
            let expected = a.index_axis(Axis(0), i).t().dot(&b.index_axis(Axis(0), i).t());
            assert_eq!(y.index_axis(Axis(0), i), expected.into_dyn());
        }
    }

    #[test]
    fn a_normalized_product_is_the_cosine() {
        let layer = Dot::new(&[1]).normalize(true);
        let y = tape::run(Mode::Inference, || {
            let x = Var::from_array(&array![[3.0, 0.0], [0.0, 0.0]]);
            let y = Var::from_array(&array![[2.0, 2.0], [1.0, 1.0]]);
            layer.call(&[x, y]).to_array()
        });
        let y = y.unwrap();
        assert!((y[[0, 0]] - 0.5_f64.sqrt() as Float).abs() < 1e-6);
        assert_eq!(y[[1, 0]], 0.0);
    }
}
