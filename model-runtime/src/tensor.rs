//! A value on the tape: a shape with the sample axis first, and its numbers in row-major order.

use std::sync::Arc;

use model_spec::Shape;
use ndarray::{ArrayBase, ArrayD, Data, Dimension, IxDyn};

use crate::float::Scalar;
use crate::pool::{self, Buffer};
use crate::{Error, Float};

/// Numbers in row-major order, shared until somebody writes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Tensor<T: Scalar = Float> {
    shape: Shape,
    /// None where the numbers have been forgotten.
    data: Option<Arc<Buffer<T>>>,
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
        Tensor { shape, data: Some(Arc::new(data)) }
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
        self.data.as_ref().map_or(&[], |data| data)
    }

    pub fn len(&self) -> usize {
        self.data().len()
    }

    /// The numbers to write to; copies them if somebody else still holds them.
    pub fn data_mut(&mut self) -> &mut [T] {
        self.data.as_mut().map_or(&mut [], |data| &mut *Arc::make_mut(data))
    }

    /// The numbers alone, unless somebody else still holds them.
    pub fn into_data(self) -> Option<Buffer<T>> {
        self.data.and_then(Arc::into_inner)
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
            Some(data) if !data.is_aligned() => Tensor::of(self.shape, pool::copy(data)),
            _ => self,
        }
    }

    /// The same numbers under another shape.
    pub fn reshape(&self, shape: Shape) -> Tensor<T> {
        assert_eq!(shape.size(), Some(self.len()));
        Tensor { shape, data: self.data.clone() }
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
