use model_spec::{ArgValue, Shape};

use crate::Float;
use crate::float::Scalar;
use crate::tensor::Tensor;

/// An argument that is one number or several, such as one for each feature. Made from a number or a
/// list of numbers.
///
/// ```
/// use model_runtime::prelude::*;
/// let layer = Normalization::new().mean(3.0).variance([4.0]);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Numbers {
    numbers: Vec<Float>,
    is_list: bool,
}

impl Numbers {
    /// What the rules see of it.
    pub(crate) fn arg(&self) -> ArgValue {
        if !self.is_list {
            return ArgValue::Float(self.numbers[0].as_f64());
        }
        let numbers: Vec<f64> = self.numbers.iter().map(|number| number.as_f64()).collect();
        ArgValue::floats(&numbers)
    }

    /// The numbers in their order.
    pub(crate) fn as_slice(&self) -> &[Float] {
        &self.numbers
    }

    /// The numbers along this axis of a value of this shape; one number goes with all.
    pub(super) fn tensor(&self, shape: &Shape, axis: Option<usize>) -> Tensor {
        let shape = match axis {
            Some(axis) if self.numbers.len() > 1 => {
                (0..shape.rank()).filter(|other| *other != axis).fold(*shape, |s, i| s.with(i, 1))
            }
            _ => Shape::SCALAR,
        };
        Tensor::new(shape, self.numbers.clone())
    }

    /// From which number to which something is drawn: a lone number stands for its distance from 0
    /// to both sides.
    pub(super) fn range(&self) -> (f64, f64) {
        let numbers = self.numbers.iter().map(|number| number.as_f64());
        if !self.is_list {
            let most = self.numbers[0].as_f64().abs();
            return (-most, most);
        }
        (numbers.clone().fold(f64::INFINITY, f64::min), numbers.fold(f64::NEG_INFINITY, f64::max))
    }
}

macro_rules! numbers {
    ($($float:ty)*) => {$(
        impl From<$float> for Numbers {
            fn from(number: $float) -> Numbers {
                Numbers { numbers: vec![Float::of(f64::from(number))], is_list: false }
            }
        }

        impl From<&[$float]> for Numbers {
            fn from(numbers: &[$float]) -> Numbers {
                let numbers = numbers.iter().map(|x| Float::of(f64::from(*x))).collect();
                Numbers { numbers, is_list: true }
            }
        }

        impl<const N: usize> From<[$float; N]> for Numbers {
            fn from(numbers: [$float; N]) -> Numbers {
                numbers.as_slice().into()
            }
        }

        impl From<Vec<$float>> for Numbers {
            fn from(numbers: Vec<$float>) -> Numbers {
                numbers.as_slice().into()
            }
        }
    )*};
}

numbers! { f32 f64 }
