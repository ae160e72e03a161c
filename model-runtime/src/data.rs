//! What models are trained on and asked about: arrays of any numbers, in any layout.

mod number;

use std::borrow::Cow;
use std::ops::Range;

use model_spec::{Kind, MAX_RANK, Shape};
use ndarray::{Array, ArrayBase, ArrayD, ArrayView, Dimension, IxDyn};

pub use number::Number;

use crate::error::tuple;
use crate::graph::Port;
use crate::kernels::parts::All;
use crate::kernels::sums::{all_finite, copy_finite};
use crate::ops::rows::take;
use crate::tensor::Tensor;
use crate::{Error, Float, pool};

/// An array as inputs or targets, the first axis being that of the samples.
///
/// Made from an array or a view of any numeric type or `bool`, or a reference to one, with any
/// number of axes and in any layout. Numbers become [`Float`]; those of a reference or a view in
/// row-major order are not copied, and neither are those of an array that is given away.
///
/// ```
/// use model_runtime::Data;
/// let labels = ndarray::array![0_u8, 3, 1];
/// assert_eq!(Data::from(&labels).shape(), [3]);
/// assert_eq!(Data::from(labels.slice(model_runtime::prelude::s![..2])).shape(), [2]);
/// assert_eq!(Data::from(labels).values(), [0.0, 3.0, 1.0]);
/// assert!(Data::from(model_runtime::NoTarget).is_absent());
/// ```
#[derive(Clone, Debug)]
pub struct Data<'a> {
    shape: Vec<usize>,
    values: Cow<'a, [Float]>,
    /// The first number that is not what the array had.
    inexact: Option<usize>,
    absent: bool,
}

/// No target: for an output without a loss, or with one that needs none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NoTarget;

impl From<NoTarget> for Data<'_> {
    fn from(_: NoTarget) -> Self {
        Data { shape: vec![0], values: Cow::Owned(Vec::new()), inexact: None, absent: true }
    }
}

impl<'a, A, S, D> From<&'a ArrayBase<S, D>> for Data<'a>
where
    A: Number,
    S: ndarray::Data<Elem = A>,
    D: Dimension,
{
    fn from(array: &'a ArrayBase<S, D>) -> Data<'a> {
        array.view().into()
    }
}

impl<'a, A: Number, D: Dimension> From<ArrayView<'a, A, D>> for Data<'a> {
    fn from(array: ArrayView<'a, A, D>) -> Data<'a> {
        let shape = array.shape().to_vec();
        match array.to_slice().and_then(A::floats) {
            Some(values) => Data::exact(shape, Cow::Borrowed(values)),
            None => Data::rounded(shape, array.iter().copied()),
        }
    }
}

impl<A: Number, D: Dimension> From<Array<A, D>> for Data<'_> {
    fn from(array: Array<A, D>) -> Self {
        let (shape, len) = (array.shape().to_vec(), array.len());
        if !array.is_standard_layout() {
            return Data::rounded(shape, array.iter().copied());
        }
        let (mut numbers, start) = array.into_raw_vec_and_offset();
        numbers.drain(..start.unwrap_or(0));
        numbers.truncate(len);
        match A::owned(numbers) {
            Ok(values) => Data::exact(shape, Cow::Owned(values)),
            Err(numbers) => Data::rounded(shape, numbers.iter().copied()),
        }
    }
}

impl<'a> Data<'a> {
    fn exact(shape: Vec<usize>, values: Cow<'a, [Float]>) -> Data<'a> {
        Data { shape, values, inexact: None, absent: false }
    }

    fn rounded<A: Number>(shape: Vec<usize>, numbers: impl Iterator<Item = A>) -> Data<'a> {
        let mut values = Vec::with_capacity(numbers.size_hint().0);
        let mut inexact = None;
        // One loop, which is compiled in the program for its type of array.
        for number in numbers {
            if inexact.is_none() && !number.is_exact() {
                inexact = Some(values.len());
            }
            values.push(number.float());
        }
        Data { inexact, ..Data::exact(shape, Cow::Owned(values)) }
    }

    /// The shape, samples included.
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// The numbers in row-major order.
    pub fn values(&self) -> &[Float] {
        &self.values
    }

    /// Whether this is [`NoTarget`].
    pub fn is_absent(&self) -> bool {
        self.absent
    }

    /// The number of samples.
    pub(crate) fn samples(&self) -> usize {
        self.shape.first().copied().unwrap_or(0)
    }

    /// The shape of one sample; none of a single number, or with too many axes.
    pub(crate) fn sample_shape(&self) -> Option<Shape> {
        match self.shape.as_slice() {
            [_, sample @ ..] if sample.len() < MAX_RANK => Some(Shape::new(sample)),
            _ => None,
        }
    }

    /// Refuses what is no input for this port of a model.
    pub(crate) fn check_input(&self, port: &Port) -> Result<(), Error> {
        self.check_shape(port)?;
        self.check_finite(&|| of_input(port))?;
        self.check_indices(port)
    }

    /// All of it as an input for this port of a model; refuses what [`Data::check_input`] refuses,
    /// and fetches the numbers once.
    pub(crate) fn input(&self, port: &Port) -> Result<Tensor, Error> {
        self.check_shape(port)?;
        let mut numbers = pool::unset(self.values.len());
        if !copy_finite(&self.values, &mut numbers) {
            self.check_finite(&|| of_input(port))?;
        }
        self.check_indices(port)?;
        Ok(Tensor::of(Shape::new(&self.shape), numbers))
    }

    fn check_shape(&self, port: &Port) -> Result<(), Error> {
        if self.absent {
            return Err(Error::NoData { data: of_input(port) });
        }
        let expected = port.value.shape;
        // A size that may be any is 1 at least: there is no mean of nothing.
        let fits = |shape: Shape| shape.fits(&expected) && !shape.dims().contains(&0);
        if !self.sample_shape().is_some_and(fits) {
            let (data, got) = (of_input(port), self.shape.clone());
            return Err(Error::DataShape { data, expected, got });
        }
        if self.samples() == 0 {
            return Err(Error::NoSamples { data: of_input(port) });
        }
        Ok(())
    }

    fn check_indices(&self, port: &Port) -> Result<(), Error> {
        if port.value.kind != Kind::Index {
            return Ok(());
        }
        let no_index = |x: &Float| *x < 0.0 || x.fract() != 0.0;
        match self.inexact.or_else(|| self.values.iter().position(no_index)) {
            Some(at) => {
                let (data, row, value) = (of_input(port), self.row(at), self.values[at]);
                Err(Error::NotAnIndex { data, row, value })
            }
            None => Ok(()),
        }
    }

    /// Refuses NaN and infinity.
    pub(crate) fn check_finite(&self, data: &dyn Fn() -> String) -> Result<(), Error> {
        if all_finite(&self.values) {
            return Ok(());
        }
        match self.values.iter().position(|value| !value.is_finite()) {
            Some(at) => {
                Err(Error::NotFinite { data: data(), row: self.row(at), value: self.values[at] })
            }
            None => Ok(()),
        }
    }

    /// The sample that a number is of.
    fn row(&self, at: usize) -> usize {
        at / self.row_len().max(1)
    }

    fn row_len(&self) -> usize {
        self.shape.iter().skip(1).product()
    }

    /// All of it, where it is finite and there is something.
    pub(crate) fn into_tensor(self) -> Result<Tensor, Error> {
        let data = || "the array".to_owned();
        if self.absent {
            return Err(Error::NoData { data: data() });
        }
        if self.shape.len() > MAX_RANK {
            let (name, value) = ("value", format!("an array of {} axes", self.shape.len()));
            return Err(Error::Option { name, value, expected: "one of at most 8 axes" });
        }
        self.check_finite(&data)?;
        Ok(Tensor::new(Shape::new(&self.shape), self.values.into_owned()))
    }

    /// The numbers of some samples that come one after the other, where they stand.
    pub(crate) fn part(&self, rows: &Range<usize>) -> &[Float] {
        let len = self.row_len();
        &self.values[rows.start * len..rows.end * len]
    }

    /// The shape of so many samples.
    pub(crate) fn shape_of(&self, samples: usize) -> Shape {
        Shape::new(&self.shape).with(0, samples)
    }

    /// The numbers of all samples.
    pub(crate) fn all(&self) -> Tensor {
        Tensor::of(Shape::new(&self.shape), pool::copy(&self.values))
    }

    /// The numbers of some samples, in their order.
    pub(crate) fn rows(&self, rows: &[usize]) -> Tensor {
        let len = self.row_len();
        let mut values = pool::unset(rows.len() * len);
        take(All(&self.values), rows, &mut values);
        Tensor::of(self.shape_of(rows.len()), values)
    }
}

fn of_input(port: &Port) -> String {
    format!("the input `{}`", port.name)
}

/// Arrays that come one after the other along the axis of the samples.
#[derive(Default)]
pub(crate) struct Rows {
    shape: Vec<usize>,
    values: Vec<Float>,
    /// How many samples are expected, if that is known.
    samples: usize,
}

impl Rows {
    /// Room for so many samples.
    pub fn of(samples: usize) -> Rows {
        Rows { samples, ..Rows::default() }
    }

    /// Appends a batch, whose rows must have the shape of those before.
    pub fn push(&mut self, batch: &Tensor) -> Result<(), String> {
        let dims = batch.shape().dims();
        match self.shape.split_first_mut() {
            Some((_, row)) if *row != dims[1..] => {
                let (row, other) = (tuple(row), tuple(&dims[1..]));
                return Err(format!(
                    "their predictions have samples of the shapes {row} and {other}, which do not \
                     make one array; predict them one by one with `predict_on_batch`"
                ));
            }
            Some((samples, _)) => *samples += dims[0],
            None => {
                self.shape = dims.to_vec();
                let row = batch.len().checked_div(dims[0]).unwrap_or(0);
                self.values.reserve_exact(self.samples.saturating_mul(row));
            }
        }
        self.values.extend_from_slice(batch.data());
        Ok(())
    }

    pub fn into_array(self) -> ArrayD<Float> {
        ArrayD::from_shape_vec(IxDyn(&self.shape), self.values)
            .expect("batches of one model have rows of one shape")
    }
}

#[cfg(test)]
mod tests {
    use model_spec::Value;
    use ndarray::{Array2, array};

    use super::*;
    use crate::Source;

    #[test]
    fn numbers_of_any_type_and_layout_become_floats_in_row_major_order() {
        let a = array![[1_i64, 2, 3], [4, 5, 6]];
        assert_eq!(Data::from(&a).values(), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
        assert_eq!(Data::from(&a.t()).values(), [1.0, 4.0, 2.0, 5.0, 3.0, 6.0]);
        assert_eq!(Data::from(&array![true, false]).values(), [1.0, 0.0]);
        assert_eq!(Data::from(&array![0.5_f32]).values(), [0.5]);
        assert_eq!(Data::from(&array![0.5_f64]).values(), [0.5]);
    }

    #[test]
    fn floats_in_row_major_order_are_not_copied() {
        let a: Array2<Float> = Array2::zeros((2, 3));
        assert!(matches!(Data::from(&a).values, Cow::Borrowed(_)));
        assert!(matches!(Data::from(&a.t()).values, Cow::Owned(_)));
    }

    #[test]
    fn arrays_and_views_are_taken_by_value() {
        let a: Array2<Float> = array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]];
        assert!(matches!(Data::from(a.view()).values, Cow::Borrowed(_)));
        assert_eq!(Data::from(a.t()).values(), [1.0, 4.0, 2.0, 5.0, 3.0, 6.0]);
        assert_eq!(Data::from(a.clone().reversed_axes()).values(), Data::from(a.t()).values());
        // A part of an array that still has the numbers before and behind it.
        let part = a.clone().slice_move(ndarray::s![1..2, ..]);
        assert_eq!(Data::from(part).values(), [4.0, 5.0, 6.0]);
        let part = Array2::from_shape_fn((3, 2), |(i, j)| (i * 2 + j) as u8);
        let part = Data::from(part.slice_move(ndarray::s![..2, ..]));
        assert_eq!((part.shape(), part.values()), (&[2, 2][..], &[0.0, 1.0, 2.0, 3.0][..]));
        assert_eq!(Data::from(array![0_u64, u64::MAX]).inexact, Some(1));
        let place = a.as_ptr();
        assert_eq!(Data::from(a).values().as_ptr(), place);
    }

    #[test]
    fn an_array_that_is_given_away_keeps_its_numbers() {
        let a: Array2<Float> = array![[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]];
        let address = a.as_ptr();
        let data = Data::from(a.clone().slice_move(ndarray::s![1..2, ..]));
        assert_eq!((data.shape(), data.values()), (&[1, 2][..], &[3.0, 4.0][..]));
        assert_eq!(Data::from(a.clone().reversed_axes()).values(), Data::from(&a.t()).values());
        assert_eq!(Data::from(a).values().as_ptr(), address);
        assert_eq!(Data::from(array![1_u8, 2]).values(), [1.0, 2.0]);
    }

    #[test]
    fn views_of_any_layout_are_read_in_row_major_order() {
        let a = ndarray::Array::from_iter(0..24).into_shape_with_order((2, 3, 4)).unwrap();
        let views = [
            a.view().into_dyn(),
            a.slice(ndarray::s![.., ..;-1, 1..;2]).into_dyn(),
            a.view().permuted_axes([2, 0, 1]).into_dyn(),
            a.slice(ndarray::s![1, .., 2]).into_dyn(),
            a.slice(ndarray::s![..0, .., ..]).into_dyn(),
        ];
        for view in views {
            let data = Data::from(&view);
            let expected: Vec<Float> = view.iter().map(|x| *x as Float).collect();
            assert_eq!((data.shape(), data.values()), (view.shape(), &expected[..]));
        }
        let one = array![7.0];
        let spread = one.broadcast((3, 2)).expect("an axis of one");
        assert_eq!(Data::from(&spread).values(), [7.0; 6]);
    }

    #[test]
    fn rows_are_taken_in_their_order() {
        let a = array![[1, 2], [3, 4], [5, 6]];
        let rows = Data::from(&a).rows(&[2, 0]);
        assert_eq!(rows.shape(), &Shape::new(&[2, 2]));
        assert_eq!(rows.data(), [5.0, 6.0, 1.0, 2.0]);
    }

    #[test]
    fn what_is_no_input_is_named() {
        let text = |data: Data<'_>, value: Value| {
            let port = Port { name: "x", value, source: Source::Input(0) };
            let error = data.check_input(&port).unwrap_err();
            // As texts, since NaN is not equal to itself.
            let error = error.to_string();
            assert_eq!(data.input(&port).unwrap_err().to_string(), error);
            error
        };
        let two = Value::float(&[2]);
        let got = text(Data::from(&array![[1, 2, 3]]), two);
        assert!(got.starts_with("the input `x` has samples of the shape (3), but"), "{got}");
        let got = text(Data::from(&ndarray::arr0(1)), two);
        assert!(got.starts_with("the input `x` is a single number"), "{got}");
        let got = text(Data::from(&Array2::<f32>::zeros((0, 2))), two);
        assert!(got.starts_with("the input `x` has no samples\n  help: "), "{got}");
        let got = text(Data::from(&array![[1.0, 2.0], [f64::NAN, 0.0]]), two);
        assert!(got.starts_with("the input `x` has NaN in sample 1"), "{got}");
        let any = Value::float(&[Shape::ANY, 3]);
        let got = text(Data::from(&ndarray::Array3::<f32>::zeros((2, 0, 3))), any);
        assert!(got.starts_with("the input `x` has samples of the shape (0, 3), but"), "{got}");
        let got = text(NoTarget.into(), two);
        assert!(got.starts_with("the input `x` was not given"), "{got}");
    }

    #[test]
    fn an_index_is_a_whole_number_that_is_exact() {
        let port = Port { name: "words", value: Value::index(&[2]), source: Source::Input(0) };
        assert_eq!(Data::from(&array![[1_u8, 2]]).check_input(&port), Ok(()));
        let error = Data::from(&array![[0.0, 1.0], [1.5, 0.0]]).check_input(&port).unwrap_err();
        assert!(matches!(error, Error::NotAnIndex { row: 1, value: 1.5, .. }), "{error:?}");
        let huge = array![[0_u64, u64::MAX]];
        assert!(Data::from(&huge).check_input(&port).is_err());
        assert!(Data::from(&array![[0, -1]]).check_input(&port).is_err());
    }
}
