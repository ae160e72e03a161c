//! A value on the tape: a shape with the sample axis first, and its numbers in row-major order.

use std::sync::Arc;

use model_spec::Shape;
use ndarray::{ArrayBase, ArrayD, Data, Dimension, IxDyn};

use crate::float::Scalar;
use crate::kernels::lent::Lent;
use crate::pool::{self, Buffer};
use crate::{Error, Float};

/// Numbers in row-major order, shared until somebody writes.
#[derive(Debug)]
pub(crate) struct Tensor<T: Scalar = Float> {
    shape: Shape,
    /// None where the numbers have been forgotten.
    data: Option<Numbers<T>>,
}

#[derive(Debug)]
enum Numbers<T: Scalar> {
    Own(Arc<Buffer<T>>),
    /// For the length of a call, in which they stay on the tape.
    Lent(Arc<Lent<T>>),
}

impl<T: Scalar> Tensor<T> {
    /// # Panics
    /// If the shape does not have as many elements as `data`.
    #[track_caller]
    pub fn new(shape: Shape, data: Vec<T>) -> Tensor<T> {
        Tensor::of(shape, data.into())
    }

    /// [`Tensor::new`] of numbers that lie in memory from the pool.
    ///
    /// # Panics
    /// If the shape does not have as many elements as `data`.
    #[track_caller]
    pub fn of(shape: Shape, data: Buffer<T>) -> Tensor<T> {
        assert_eq!(shape.size(), Some(data.len()), "{shape} does not hold the data");
        Tensor { shape, data: Some(Numbers::Own(Arc::new(data))) }
    }

    /// Numbers that lie where a caller has them. A clone is a copy, which may be held for longer.
    ///
    /// # Panics
    /// If the shape does not have as many elements as `numbers`.
    #[track_caller]
    pub fn lent(shape: Shape, numbers: &Arc<Lent<T>>) -> Tensor<T> {
        assert_eq!(shape.size(), Some(numbers.len()), "{shape} does not hold the data");
        Tensor { shape, data: Some(Numbers::Lent(Arc::clone(numbers))) }
    }

    pub fn scalar(value: T) -> Tensor<T> {
        Tensor::new(Shape::SCALAR, vec![value])
    }

    pub fn full(shape: Shape, value: T) -> Tensor<T> {
        let size = shape.size().unwrap_or(0);
        Tensor::of(shape, pool::full(size, value))
    }

    pub fn zeros(shape: Shape) -> Tensor<T> {
        Tensor::full(shape, T::zero())
    }

    /// A shape without numbers.
    pub fn released(shape: Shape) -> Tensor<T> {
        Tensor { shape, data: None }
    }

    /// The shape, sample axis included.
    pub fn shape(&self) -> &Shape {
        &self.shape
    }

    pub fn data(&self) -> &[T] {
        match &self.data {
            Some(Numbers::Own(data)) => data,
            Some(Numbers::Lent(data)) => data,
            None => &[],
        }
    }

    pub fn len(&self) -> usize {
        self.data().len()
    }

    /// The numbers to write to; copies them if somebody else still holds them.
    pub fn data_mut(&mut self) -> &mut [T] {
        if matches!(self.data, Some(Numbers::Lent(_))) {
            *self = self.clone();
        }
        match &mut self.data {
            Some(Numbers::Own(data)) => &mut *Arc::make_mut(data),
            _ => &mut [],
        }
    }

    /// The numbers alone, unless somebody else still holds them.
    pub fn into_data(self) -> Option<Buffer<T>> {
        match self.data {
            Some(Numbers::Own(data)) => Arc::into_inner(data),
            _ => None,
        }
    }

    /// Forgets the numbers, but not their shape.
    pub fn release(&mut self) {
        self.data = None;
    }

    /// Whether the numbers have been forgotten.
    pub fn is_released(&self) -> bool {
        self.data.is_none()
    }

    /// The same numbers, copied to where a line of the cache begins unless one does.
    pub fn aligned(self) -> Tensor<T> {
        match &self.data {
            Some(Numbers::Own(data)) if !data.is_aligned() => {
                Tensor::of(self.shape, pool::copy(data))
            }
            _ => self,
        }
    }

    /// The same numbers under another shape, for the same tape.
    pub fn reshape(&self, shape: Shape) -> Tensor<T> {
        assert_eq!(shape.size(), Some(self.len()));
        let data = self.data.as_ref().map(|data| match data {
            Numbers::Own(data) => Numbers::Own(Arc::clone(data)),
            Numbers::Lent(data) => Numbers::Lent(Arc::clone(data)),
        });
        Tensor { shape, data }
    }
}

impl<T: Scalar> Clone for Tensor<T> {
    fn clone(&self) -> Tensor<T> {
        match &self.data {
            Some(Numbers::Own(data)) => {
                Tensor { shape: self.shape, data: Some(Numbers::Own(Arc::clone(data))) }
            }
            Some(Numbers::Lent(data)) => Tensor::of(self.shape, pool::copy(data)),
            None => Tensor::released(self.shape),
        }
    }
}

impl<T: Scalar> PartialEq for Tensor<T> {
    fn eq(&self, other: &Tensor<T>) -> bool {
        self.shape == other.shape && self.data() == other.data()
    }
}

impl Tensor<Float> {
    /// The numbers of an array, which must have this shape.
    ///
    /// # Errors
    /// [`Error::WeightShape`] for another one.
    pub fn of_shape<S, D>(expected: Shape, values: &ArrayBase<S, D>) -> Result<Tensor, Error>
    where
        S: Data<Elem = Float>,
        D: Dimension,
    {
        if values.shape() != expected.dims() {
            return Err(Error::WeightShape { expected, got: values.shape().to_vec() });
        }
        Ok(Tensor::new(expected, values.iter().copied().collect()))
    }

    pub fn to_array(&self) -> ArrayD<Float> {
        ArrayD::from_shape_vec(IxDyn(self.shape.dims()), self.data().to_vec())
            .expect("a tensor holds as many numbers as its shape says")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::lent::lend;

    #[test]
    fn what_is_lent_is_read_in_place_and_copied_for_who_holds_it_longer() {
        let numbers = vec![1.0_f64, 2.0];
        let kept = lend(std::iter::once(&numbers[..]), |lent| {
            let tensor = Tensor::lent(Shape::new(&[2]), &lent[0]);
            let turned = tensor.reshape(Shape::new(&[2, 1]));
            assert!([&tensor, &turned].iter().all(|x| x.data().as_ptr() == numbers.as_ptr()));
            let mut written = Tensor::lent(Shape::new(&[2]), &lent[0]);
            written.data_mut()[0] = 5.0;
            assert_eq!(written.data(), [5.0, 2.0]);
            assert_eq!(turned.into_data(), None);
            [tensor.clone(), tensor.aligned().clone(), written]
        });
        assert_eq!(numbers, [1.0, 2.0]);
        assert_eq!(kept.map(|x| x.data()[0]), [1.0, 1.0, 5.0]);
    }
}
