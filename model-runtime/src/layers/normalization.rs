use model_spec::layers::normalization::ENTRY;
use model_spec::{ArgValue, MAX_RANK, Shape, Value, Weights, resolve_axes};

use super::affine::needed;
use super::support::ready;
use super::{Numbers, tuple};
use crate::float::Scalar;
use crate::ops::binary::Binary;
use crate::ops::normalize::{Axis, Layout, Measure, Normalize};
use crate::share::share;
use crate::tape::{self, Op};
use crate::tensor::Tensor;
use crate::{Data, Error, Float, Layer, Seed, Var, Variable, Vars, Visitor};

/// `(x - mean) / √variance`, with the mean and variance of the data, found by
/// [`Normalization::adapt`] or given;
/// [Keras's `Normalization`].
///
/// No step changes them: adapt the layer before training. The root is at least 10⁻⁷.
///
/// - Input: `(samples, …)`. Output: the same shape.
/// - Variables: `mean`, zeros, and `variance`, ones, with the sizes of the chosen axes; none where
///   they are given.
///
/// [Keras's `Normalization`]:
/// <https://keras.io/api/layers/preprocessing_layers/numerical/normalization/>
///
/// ```
/// use model_runtime::prelude::*;
/// let net = model! { x = Input(2); Normalization()(x) };
/// let data = ndarray::array![[0.0, 7.0], [2.0, 9.0]];
/// net.normalization.adapt(&data)?;
/// assert_eq!(net.predict(&data)?, ndarray::array![[-1.0, -1.0], [1.0, 1.0]].into_dyn());
/// # Ok::<(), Error>(())
/// ```
///
/// With the numbers of other data, and the way back:
///
/// ```
/// use model_runtime::prelude::*;
/// use ndarray::array;
/// let net = model! {
///     x = Input(2);
///     z = Normalization(axis = 1, mean = [1, 10], variance = [4, 25])(x);
///     back = Normalization(axis = 1, mean = [1, 10], variance = [4, 25], invert = true)(z);
///     (z, back)
/// };
/// let x = array![[3.0, 5.0]];
/// let outputs = net.predict(&x)?;
/// assert_eq!(outputs.z, array![[1.0, -1.0]].into_dyn());
/// assert_eq!(outputs.back, x.into_dyn());
/// # Ok::<(), Error>(())
/// ```
#[derive(Debug)]
pub struct Normalization {
    /// The mean of each position of the chosen axes.
    pub mean: Variable,
    /// The variance of each position of the chosen axes.
    pub variance: Variable,
    axis: Vec<i64>,
    given_mean: Option<Numbers>,
    given_variance: Option<Numbers>,
    invert: bool,
}

share!(Normalization: mean, variance; axis, given_mean, given_variance, invert);

impl Normalization {
    /// A layer for the last axis, until [`Normalization::axis`] says otherwise.
    pub fn new() -> Normalization {
        Normalization {
            mean: Variable::unset("mean"),
            variance: Variable::unset("variance"),
            axis: vec![-1],
            given_mean: None,
            given_variance: None,
            invert: false,
        }
    }

    /// The axes, each from 1 (the first after the samples), each of whose positions has a mean and
    /// variance of its own; -1, the last, by default. Without any, all numbers have the same.
    pub fn axis(mut self, axis: &[i64]) -> Normalization {
        self.axis = axis.to_vec();
        self
    }

    /// The mean of all numbers, or one for each position of the last chosen axis, `[0.5, 2.0]`;
    /// together with the variance.
    pub fn mean(mut self, mean: impl Into<Numbers>) -> Normalization {
        self.given_mean = Some(mean.into());
        self
    }

    /// The variance of all numbers, or one for each position of the last chosen axis; together with
    /// the mean.
    pub fn variance(mut self, variance: impl Into<Numbers>) -> Normalization {
        self.given_variance = Some(variance.into());
        self
    }

    /// Whether it computes the reverse, `x · √variance + mean`; no by default.
    pub fn invert(mut self, invert: bool) -> Normalization {
        self.invert = invert;
        self
    }

    /// Finds mean and variance of these samples, for good.
    ///
    /// # Errors
    /// Data that is none for this layer, without samples, or not finite; and a layer whose mean and
    /// variance are given. Then nothing has changed.
    pub fn adapt<'a>(&self, data: impl Into<Data<'a>>) -> Result<(), Error> {
        let data = data.into();
        if self.given_mean.is_some() || self.given_variance.is_some() {
            let (name, value) = ("mean", "given".to_owned());
            return Err(Error::Option { name, value, expected: "left out where a layer adapts" });
        }
        let name = || "the data to adapt to".to_owned();
        let expected = self.mean.shape();
        let wrong = || Error::DataShape { data: name(), expected, got: data.shape().to_vec() };
        let sample = data.sample_shape().ok_or_else(wrong)?;
        if data.values().is_empty() {
            return Err(Error::NoSamples { data: name() });
        }
        data.check_finite(&name)?;
        let needed = needed(&ENTRY, &self.args(), &[Value::new(sample)]);
        let fits = expected.size() == Some(0) || expected == needed.get(0);
        if needed.as_slice().is_empty() || !fits {
            return Err(wrong());
        }
        let x = Tensor::new(sample.with_first(data.samples()), data.values().to_vec());
        let mut op = Normalize::new(self.layout(x.shape()), Measure::Deviation, 0.0);
        op.forward(&[&x]);
        if let Some(moments) = op.moments().get() {
            let tensor = |numbers: &[f64]| {
                Tensor::new(needed.get(0), numbers.iter().map(|x| Float::of(*x)).collect())
            };
            self.mean.replace(tensor(&moments.mean));
            self.variance.replace(tensor(&moments.variance));
        }
        Ok(())
    }

    /// The output for `x`.
    #[track_caller]
    pub fn call(&self, x: Var) -> Var {
        self.run(&[x])
    }

    fn args(&self) -> [ArgValue; 4] {
        let given =
            |statistic: &Option<Numbers>| statistic.as_ref().map_or(ArgValue::Unset, Numbers::arg);
        let invert = ArgValue::Bool(self.invert);
        [tuple(&self.axis), given(&self.given_mean), given(&self.given_variance), invert]
    }

    fn chosen(&self, shape: &Shape) -> [bool; MAX_RANK] {
        // No axes are all of them for `resolve_axes`.
        if self.axis.is_empty() {
            return [false; MAX_RANK];
        }
        resolve_axes("", &self.axis, &shape.without_first()).unwrap_or([false; MAX_RANK])
    }

    /// The positions of the chosen axes apart.
    fn layout(&self, shape: &Shape) -> Layout {
        let chosen = self.chosen(shape);
        let axis = |(axis, &size): (usize, &usize)| Axis {
            size,
            apart: axis > 0 && chosen[axis - 1],
            weighted: false,
        };
        Layout::new(&shape.dims().iter().enumerate().map(axis).collect::<Vec<_>>())
    }

    #[track_caller]
    fn run(&self, inputs: &[Var]) -> Var {
        let has = match (&self.given_mean, &self.given_variance) {
            (None, None) => {
                Weights::NONE.and("mean", self.mean.shape()).and("variance", self.variance.shape())
            }
            _ => Weights::NONE,
        };
        if let Err(poison) = ready(&ENTRY, &self.args(), inputs, has.as_slice()) {
            return poison;
        }
        let x = inputs[0];
        let (mean, variance) = match (&self.given_mean, &self.given_variance) {
            (Some(mean), Some(variance)) => {
                let chosen = self.chosen(&x.shape());
                let axis = chosen.iter().rposition(|chosen| *chosen).map(|axis| axis + 1);
                (mean.tensor(&x.shape(), axis), variance.tensor(&x.shape(), axis))
            }
            _ => {
                let shape = self.stretched(&x.shape());
                let read = |variable: &Variable| variable.read().tensor().reshape(shape);
                (read(&self.mean), read(&self.variance))
            }
        };
        let deviation = variance.data().iter().map(|v| v.sqrt().max(Float::of(1e-7)));
        let deviation = tape::constant(Tensor::new(*variance.shape(), deviation.collect()));
        let mean = tape::constant(mean);
        // Not by operators, which stretch nothing where a model runs inside of a loss.
        if self.invert {
            let scaled = tape::apply(Binary::Mul, &[x, deviation]);
            return tape::apply(Binary::Add, &[scaled, mean]);
        }
        let moved = tape::apply(Binary::Sub, &[x, mean]);
        tape::apply(Binary::Div, &[moved, deviation])
    }

    /// The shape with size 1 along all axes that are not chosen.
    fn stretched(&self, shape: &Shape) -> Shape {
        let chosen = self.chosen(shape);
        let others = (0..shape.rank()).filter(|axis| *axis == 0 || !chosen[axis - 1]);
        others.fold(*shape, |shape, axis| shape.with(axis, 1))
    }
}

impl Default for Normalization {
    fn default() -> Normalization {
        Normalization::new()
    }
}

impl Layer for Normalization {
    fn init(&mut self, _seed: Seed, inputs: &[Value]) {
        let weights = needed(&ENTRY, &self.args(), inputs);
        for &(name, shape) in weights.as_slice() {
            let start = if name == "mean" { 0.0 } else { 1.0 };
            let variable = Variable::of(name.to_owned(), Tensor::full(shape, start));
            if name == "mean" {
                self.mean = variable;
            } else {
                self.variance = variable;
            }
        }
    }

    #[track_caller]
    fn call(&self, inputs: &[Var]) -> Vars {
        self.run(inputs).into()
    }

    fn visit(&self, visitor: &mut Visitor<'_>) {
        if self.given_mean.is_none() && self.given_variance.is_none() {
            visitor.variable("mean", &self.mean);
            visitor.variable("variance", &self.variance);
        }
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array1, array};

    use crate::prelude::*;

    /// The examples of Keras's page.
    #[test]
    fn the_data_decides() {
        let data = array![[0.0, 7.0, 4.0], [2.0, 9.0, 6.0], [0.0, 7.0, 4.0], [2.0, 9.0, 6.0]];
        let run = |layer: Normalization, x: ndarray::ArrayD<Float>| {
            tape::run(Mode::Inference, || layer.call(Var::from_array(&x)).to_array())
        };
        let layer = || {
            let layer = Normalization::new();
            layer.adapt(&data).unwrap();
            layer
        };
        let y = run(layer(), array![[0.0, 7.0, 4.0]].into_dyn());
        assert_eq!(y, Ok(array![[-1.0, -1.0, -1.0]].into_dyn()));
        let y = run(layer().invert(true), array![[1.0, 2.0, 3.0]].into_dyn());
        assert_eq!(y, Ok(array![[2.0, 10.0, 8.0]].into_dyn()));
        let all = Normalization::new().axis(&[]);
        all.adapt(&array![1.0, 2.0, 3.0, 4.0, 5.0]).unwrap();
        let y = run(all, array![1.0, 2.0, 3.0].into_dyn()).unwrap();
        let off = y * (2.0 as Float).sqrt() - array![-2.0, -1.0, 0.0].into_dyn();
        assert!(off.iter().all(|off| off.abs() < 1e-6));
        let given = Normalization::new().mean(3.0).variance(4.0);
        let y = run(given, array![[1.0], [5.0]].into_dyn());
        assert_eq!(y, Ok(array![[-1.0], [1.0]].into_dyn()));
        let each = Normalization::new().mean([3.0, 5.0]).variance(vec![4.0, 1.0]);
        let y = run(each, array![[[1.0, 6.0], [5.0, 5.0]]].into_dyn());
        assert_eq!(y, Ok(array![[[-1.0, 1.0], [1.0, 0.0]]].into_dyn()));
        let rows = Normalization::new().axis(&[1]).mean([3.0, 5.0]).variance([4.0, 1.0]);
        let y = run(rows.invert(true), array![[[-1.0], [1.0]]].into_dyn());
        assert_eq!(y, Ok(array![[[1.0], [6.0]]].into_dyn()));
        let wrong = Normalization::new().mean([3.0, 5.0]).variance([4.0, -1.0]);
        let text = run(wrong, array![[1.0, 2.0]].into_dyn()).unwrap_err().to_string();
        assert!(text.contains("variance must not be negative, but is -1"), "{text}");
    }

    #[test]
    fn what_cannot_be_adapted_to_is_an_error() {
        let net = model! { x = Input(2); Normalization()(x) };
        let error = net.normalization.adapt(&array![[1.0, 2.0, 3.0]]).unwrap_err();
        assert!(matches!(error, Error::DataShape { .. }), "{error}");
        let error = net.normalization.adapt(&array![[1.0, Float::NAN]]).unwrap_err();
        assert!(matches!(error, Error::NotFinite { .. }), "{error}");
        let error = Normalization::new().adapt(Array1::<Float>::zeros(0)).unwrap_err();
        assert!(matches!(error, Error::NoSamples { .. }), "{error}");
        let given = Normalization::new().mean(3.0).variance(4.0);
        assert!(given.adapt(&array![[1.0, 2.0]]).is_err());
        assert_eq!(net.count_params(), 4);
    }
}
