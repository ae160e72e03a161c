//! Functions that work on each element alone. Formula and derivative stand side by side.

use crate::float::Scalar;
use crate::tape::{Op, Step};
use crate::tensor::Tensor;

/// A function of one number.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Map {
    Linear,
    Relu,
    Sigmoid,
    Tanh,
}

impl Map {
    /// The function's value.
    pub fn f<T: Scalar>(self, x: T) -> T {
        match self {
            Map::Linear => x,
            // Not `max`, which would swallow a NaN.
            Map::Relu => {
                if x < T::zero() {
                    T::zero()
                } else {
                    x
                }
            }
            Map::Sigmoid => T::one() / (T::one() + (-x).exp()),
            Map::Tanh => x.tanh(),
        }
    }

    /// The derivative at `x`, where the function's value is `y`.
    pub fn df<T: Scalar>(self, _x: T, y: T) -> T {
        match self {
            Map::Linear => T::one(),
            Map::Relu => {
                if y > T::zero() {
                    T::one()
                } else {
                    T::zero()
                }
            }
            Map::Sigmoid => y * (T::one() - y),
            Map::Tanh => T::one() - y * y,
        }
    }

    /// Whether [`Map::df`] looks at `x`, or only at `y`.
    pub fn needs_input(self) -> bool {
        false
    }
}

impl<T: Scalar> Op<T> for Map {
    fn name(&self) -> &'static str {
        "map"
    }

    fn forward(&mut self, inputs: &[&Tensor<T>]) -> Tensor<T> {
        Tensor::new(*inputs[0].shape(), inputs[0].data().iter().map(|&x| self.f(x)).collect())
    }

    fn backward(&self, step: &mut Step<'_, T>) {
        let (x, y, dy) = (step.inputs[0].data(), step.output.data(), step.gradient);
        step.add(0, |i| dy[i] * self.df(x[i], y[i]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gradcheck::{check, random};

    #[test]
    fn gradients() {
        for map in [Map::Linear, Map::Relu, Map::Sigmoid, Map::Tanh] {
            check(|| map, &[random(&[3, 4], 1)]);
        }
    }
}
