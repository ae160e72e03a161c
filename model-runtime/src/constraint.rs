use std::fmt;
use std::sync::Arc;

use model_spec::Shape;

use crate::float::{Scalar, written};
use crate::pool::{self, Buffer};
use crate::tensor::Tensor;
use crate::{Error, Float, Mode, Var, tape};

/// What is made of a weight after each update; see the [Keras
/// page](https://keras.io/api/layers/constraints/).
///
/// A norm is the root of the sum of the squares along axes of the weight: along 0 for the kernel of
/// a [`Dense`](crate::Dense) layer, and along 0, 1 and 2 for that of a
/// [`Conv2D`](crate::Conv2D), it is that of the numbers that lead to one unit. Negative axes count
/// from the end.
///
/// ```
/// use model_runtime::prelude::*;
/// let net = model! {
///     x = Input(4);
///     h = Dense(8, relu, kernel_constraint = max_norm(2), bias_constraint = non_neg)(x);
///     Dense(1, kernel_constraint = |w| w.clip(-0.01, 0.01))(h)
/// };
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Constraint {
    /// Weights whose norm along the axes is larger than the number are scaled down to it.
    MaxNorm(Float, &'static [i64]),
    /// Negative numbers become 0.
    NonNeg,
    /// Weights are scaled to a norm of 1 along the axes.
    UnitNorm(&'static [i64]),
    /// Weights are scaled so that their norm along the axes, between a first number and a second,
    /// goes the part of the way there that the third number says: 1 for all of it.
    MinMaxNorm(Float, Float, Float, &'static [i64]),
    /// Each number becomes the nearest between the first and the second ([Arjovsky et al.,
    /// 2017](https://arxiv.org/abs/1701.07875)).
    Clip(Float, Float),
    /// A function of your own; made by [`Constraint::custom`].
    Custom(Custom),
}

/// A function of your own as a [`Constraint`].
#[derive(Clone)]
pub struct Custom(Arc<dyn Fn(Var) -> Var + Send + Sync>);

impl fmt::Debug for Custom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("|w| …")
    }
}

/// What keeps a norm of 0 from being divided by: Keras's `backend.epsilon()`.
const EPSILON: f64 = 1e-7;

impl Constraint {
    /// A function from the weight to as many other numbers.
    pub fn custom(function: impl Fn(Var) -> Var + Send + Sync + 'static) -> Constraint {
        Constraint::Custom(Custom(Arc::new(function)))
    }

    /// What is wrong with it for a weight of this shape, if anything is.
    pub(crate) fn check(&self, shape: &Shape) -> Result<(), String> {
        let number = |name: &str, value: Float| {
            if value.is_finite() && value >= 0.0 {
                return Ok(());
            }
            Err(format!("has the {name} {value}, but it must be a number from 0 on"))
        };
        let ordered = |least: Float, most: Float| {
            if least <= most && least.is_finite() && most.is_finite() {
                return Ok(());
            }
            Err(format!("goes from {least} to {most}, but must go from a number to a larger one"))
        };
        match *self {
            Constraint::MaxNorm(max, _) => number("max_value", max)?,
            Constraint::MinMaxNorm(min, max, rate, _) => {
                number("min_value", min)?;
                ordered(min, max)?;
                if !(0.0..=1.0).contains(&rate) {
                    return Err(format!("has the rate {rate}, but it must be from 0 to 1"));
                }
            }
            Constraint::Clip(min, max) => ordered(min, max)?,
            _ => {}
        }
        axes(self.axes(), shape).map(|_| ())
    }

    fn axes(&self) -> &'static [i64] {
        match *self {
            Constraint::MaxNorm(_, axes)
            | Constraint::UnitNorm(axes)
            | Constraint::MinMaxNorm(_, _, _, axes) => axes,
            Constraint::NonNeg | Constraint::Clip(..) | Constraint::Custom(_) => &[],
        }
    }

    /// Makes of the weight of this path what it must be.
    pub(crate) fn apply(
        &self,
        path: &str,
        shape: &Shape,
        weight: &mut Buffer<Float>,
    ) -> Result<(), Error> {
        let wrong = |problem| Error::Constraint { weight: path.to_owned(), problem };
        let Constraint::Custom(Custom(function)) = self else {
            self.check(shape).map_err(wrong)?;
            self.project(shape, weight);
            return Ok(());
        };
        let before = Tensor::of(*shape, std::mem::take(weight));
        let after = tape::run(Mode::Inference, || function(tape::constant(before)).tensor())?;
        if after.shape() != shape {
            let got = Shape::new(after.shape().dims());
            return Err(wrong(format!("returns the shape {got}, but the weight has {shape}")));
        }
        *weight = pool::copy(after.data());
        Ok(())
    }

    /// The constraints of this crate, which have been checked.
    fn project<T: Scalar>(&self, shape: &Shape, weight: &mut [T]) {
        let float = |value: Float| T::of(written(value));
        match *self {
            Constraint::NonNeg => {
                weight.iter_mut().for_each(|w| *w = if *w < T::zero() { T::zero() } else { *w });
            }
            Constraint::Clip(min, max) => {
                let (min, max) = (float(min), float(max));
                weight.iter_mut().for_each(|w| *w = num_traits::clamp(*w, min, max));
            }
            Constraint::MaxNorm(max, axes) => {
                scale(weight, shape, axes, |norm| norm.min(written(max)) / (EPSILON + norm));
            }
            Constraint::UnitNorm(axes) => scale(weight, shape, axes, |norm| 1.0 / (EPSILON + norm)),
            Constraint::MinMaxNorm(min, max, rate, axes) => {
                let [min, max, rate] = [min, max, rate].map(written);
                scale(weight, shape, axes, |norm| {
                    let wanted = rate * norm.clamp(min, max) + (1.0 - rate) * norm;
                    wanted / (EPSILON + norm)
                });
            }
            Constraint::Custom(_) => {}
        }
    }
}

/// The axes, counted from the first.
fn axes(axes: &[i64], shape: &Shape) -> Result<Vec<usize>, String> {
    let rank = shape.rank() as i64;
    let counted = |&axis: &i64| {
        let counted = if axis < 0 { axis + rank } else { axis };
        if (0..rank).contains(&counted) {
            return Ok(counted as usize);
        }
        Err(format!("has the axis {axis}, but the weight has the shape {shape}"))
    };
    axes.iter().map(counted).collect()
}

/// Scales the numbers that lie along the axes by what `factor` makes of their norm.
fn scale<T: Scalar>(weight: &mut [T], shape: &Shape, along: &[i64], factor: impl Fn(f64) -> f64) {
    let Ok(along) = axes(along, shape) else { return };
    // How far apart the norms are along each axis: 0 where one norm is of all of it.
    let (mut steps, mut norms) = (vec![0; shape.rank()], 1);
    for axis in (0..shape.rank()).rev() {
        if !along.contains(&axis) {
            steps[axis] = norms;
            norms *= shape.dim(axis);
        }
    }
    let (row, step) = match steps.last() {
        Some(&step) => (shape.last().max(1), step),
        None => (1, 0),
    };
    let norm_of_row = |number: usize| {
        let (mut rest, mut norm) = (number, 0);
        for axis in (0..shape.rank().saturating_sub(1)).rev() {
            norm += rest % shape.dim(axis) * steps[axis];
            rest /= shape.dim(axis);
        }
        norm
    };
    let mut sums = vec![0.0; norms];
    for (number, numbers) in weight.chunks(row).enumerate() {
        let first = norm_of_row(number);
        for (i, w) in numbers.iter().enumerate() {
            sums[first + i * step] += w.as_f64() * w.as_f64();
        }
    }
    let factors: Vec<T> = sums.into_iter().map(|sum| T::of(factor(libm::sqrt(sum)))).collect();
    for (number, numbers) in weight.chunks_mut(row).enumerate() {
        let first = norm_of_row(number);
        for (i, w) in numbers.iter_mut().enumerate() {
            *w *= factors[first + i * step];
        }
    }
}
