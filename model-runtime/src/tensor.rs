//! A value on the tape: a shape with the sample axis first, and its numbers in row-major order.

use std::sync::Arc;

use model_spec::Shape;
use ndarray::{Array1, ArrayBase, ArrayD, Data, Dimension, IxDyn, s};

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
        ArrayD::from_shape_vec(IxDyn(self.shape.dims()), self.data().to_vec()).expect(FITS)
    }

    /// The numbers as an array: what is handed over is the end of its memory, which begins before
    /// them.
    pub fn into_array(self) -> ArrayD<Float> {
        if !self.is_handed_over() {
            return self.to_array();
        }
        let shape = self.shape;
        let (all, start) = self.into_data().expect("nobody else holds them").into_vec();
        let numbers = Array1::from(all).slice_move(s![start..]);
        numbers.into_shape_with_order(shape.dims()).expect(FITS)
    }

    /// Puts the numbers into an array that has as many, or another in its place.
    pub fn write_to(self, array: &mut ArrayD<Float>) {
        let same = array.shape() == self.shape.dims();
        match array.as_slice_mut().filter(|_| same && !self.is_handed_over()) {
            Some(numbers) => numbers.copy_from_slice(self.data()),
            None => {
                let before = std::mem::replace(array, self.into_array());
                pool::give(before.into_raw_vec_and_offset().0);
            }
        }
    }

    /// Whether the numbers leave the pool instead of being copied: nobody else holds them, and so
    /// many need more than the nearest caches, where a copy is as fast as new memory is made.
    fn is_handed_over(&self) -> bool {
        const MANY: usize = 1 << 16;
        match &self.data {
            Some(Numbers::Own(data)) => {
                data.len() >= MANY && data.is_tight() && Arc::strong_count(data) == 1
            }
            _ => false,
        }
    }
}

const FITS: &str = "a tensor holds as many numbers as its shape says";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::lent::lend;

    const MANY: usize = 1 << 16;

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

    #[test]
    fn many_numbers_are_handed_over_and_few_or_shared_ones_copied() {
        let numbers = |rows| {
            let numbers = (0..rows * 64).map(|i| i as Float).collect::<Buffer<_>>();
            Tensor::of(Shape::new(&[rows, 64]), numbers)
        };
        for (rows, shared, handed_over) in
            [(MANY / 64, false, true), (MANY / 64, true, false), (3, false, false)]
        {
            let tensor = numbers(rows);
            let (place, copy) = (tensor.data().as_ptr(), tensor.to_array());
            let other = shared.then(|| tensor.clone());
            let array = tensor.into_array();
            assert_eq!(array.as_ptr() == place, handed_over, "{rows} rows, {shared}");
            assert!(array == copy && array.is_standard_layout());
            drop(other);
            // As users take arrays apart.
            assert!(array.as_slice().expect("in order").iter().eq(&copy));
            let (all, start) = array.clone().into_raw_vec_and_offset();
            assert_eq!(
                all[start.expect("it is not empty")..][..copy.len()],
                *copy.as_slice().unwrap()
            );
            assert!(array.clone().into_iter().eq(copy.clone()));
            let line = array.into_shape_with_order(rows * 64).expect("as many");
            assert_eq!(crate::Data::from(line).values(), copy.as_slice().unwrap());
        }
    }

    #[test]
    fn an_array_is_written_to_or_gives_way() {
        let full = |rows: usize, x| Tensor::full(Shape::new(&[rows, 64]), x);
        let mut array = ArrayD::default(vec![3, 64]);
        let place = array.as_ptr();
        full(3, 1.0).write_to(&mut array);
        assert_eq!((array.as_ptr(), &array), (place, &full(3, 1.0).to_array()));
        for (rows, x) in [(4, 2.0), (MANY / 64, 3.0), (MANY / 64, 4.0), (4, 5.0)] {
            full(rows, x).write_to(&mut array);
            assert_eq!(array, full(rows, x).to_array());
        }
        // Numbers that stay where they are.
        let shared = full(MANY / 64, 6.0);
        shared.clone().write_to(&mut array);
        let place = array.as_ptr();
        shared.clone().write_to(&mut array);
        assert_eq!((array.as_ptr(), &array), (place, &shared.to_array()));
        // One that is not in row-major order.
        let mut turned = ArrayD::default(vec![64, 4]).reversed_axes();
        full(4, 7.0).write_to(&mut turned);
        assert_eq!(turned, full(4, 7.0).to_array());
    }
}
