use ndarray::{Array, ArrayBase, Axis, Dimension, RemoveAxis};

use crate::float::written;
use crate::seed::Generator;
use crate::{Error, Float};

/// Tells the random numbers of this from those of others of the same seed.
const SPLITS: u64 = 0x73_706c_6974;

/// The samples of each part, to be taken of one array after the other.
///
/// Made by [`train_test_split`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrainTestSplit {
    /// The rows to train on, in their order.
    pub train: Vec<usize>,
    /// The rows to test with, in their order.
    pub test: Vec<usize>,
}

/// Divides samples at random into those to train on and those to test with.
///
/// `samples` is how many there are, `test_size` the part to test with, above 0 and below 1, rounded
/// up to whole samples; the same `seed` gives the same split. [`TrainTestSplit::of`] takes the
/// parts of an array, so that several arrays are divided in the same way. The name is that of
/// [sklearn](https://scikit-learn.org/stable/modules/generated/sklearn.model_selection.train_test_split.html).
///
/// ```
/// use model_runtime::utils::train_test_split;
/// use ndarray::{Array2, Array1};
/// let (x, y) = (Array2::<f32>::zeros((10, 3)), Array1::<u8>::zeros(10));
/// let split = train_test_split(x.nrows(), 0.2, 1)?;
/// let (x_train, x_test) = split.of(&x)?;
/// let (y_train, y_test) = split.of(&y)?;
/// assert_eq!((x_train.shape(), x_test.shape()), (&[8, 3][..], &[2, 3][..]));
/// assert_eq!((y_train.len(), y_test.len()), (8, 2));
/// # Ok::<(), model_runtime::Error>(())
/// ```
///
/// # Errors
/// [`Error::Option`] for a part that leaves one side without samples.
pub fn train_test_split(
    samples: usize,
    test_size: Float,
    seed: u64,
) -> Result<TrainTestSplit, Error> {
    // A size such as 0.2 is a little more in f32, which would cost a sample.
    let test = (samples as f64 * written(test_size)).ceil();
    if !(test_size > 0.0 && test_size < 1.0 && test < samples as f64) {
        let (name, value) = ("test_size", test_size.to_string());
        let expected = "above 0 and below 1, and leave samples on both sides";
        return Err(Error::Option { name, value, expected });
    }
    let mut train: Vec<usize> = (0..samples).collect();
    Generator::new(seed ^ SPLITS).shuffle(&mut train);
    let test = train.split_off(samples - test as usize);
    Ok(TrainTestSplit { train, test })
}

impl TrainTestSplit {
    /// The samples of an array to train on, and those to test with.
    ///
    /// # Errors
    /// [`Error::SampleCounts`] for an array of another number of samples.
    #[allow(clippy::type_complexity, reason = "two arrays of the type that came")]
    pub fn of<A, S, D>(&self, array: &ArrayBase<S, D>) -> Result<(Array<A, D>, Array<A, D>), Error>
    where
        A: Clone,
        S: ndarray::Data<Elem = A>,
        D: Dimension + RemoveAxis,
    {
        let samples = self.train.len() + self.test.len();
        let got = array.shape().first().copied().unwrap_or(0);
        if got != samples {
            return Err(Error::SampleCounts {
                first: ("the split".to_owned(), samples),
                second: ("the array".to_owned(), got),
            });
        }
        Ok((array.select(Axis(0), &self.train), array.select(Axis(0), &self.test)))
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array1, array};

    use super::*;

    #[test]
    fn every_sample_is_on_one_side_and_the_seed_says_on_which() {
        let split = train_test_split(100, 0.2, 7).unwrap();
        assert_eq!((split.train.len(), split.test.len()), (80, 20));
        let mut all = [&split.train[..], &split.test[..]].concat();
        all.sort_unstable();
        assert_eq!(all, Vec::from_iter(0..100));
        assert_eq!(split, train_test_split(100, 0.2, 7).unwrap());
        assert_ne!(split, train_test_split(100, 0.2, 8).unwrap());
        // sklearn rounds the part to test with up.
        assert_eq!(train_test_split(10, 0.25, 0).unwrap().test.len(), 3);
    }

    #[test]
    fn rows_of_several_arrays_stay_together() {
        let (x, y) = (array![[0, 0], [1, 10], [2, 20], [3, 30]], Array1::from_iter(0..4));
        let split = train_test_split(4, 0.5, 3).unwrap();
        let ((x, x_test), (y, y_test)) = (split.of(&x).unwrap(), split.of(&y).unwrap());
        assert_eq!((x.column(0), x_test.column(1)), (y.view(), (y_test * 10).view()));
    }

    #[test]
    fn a_part_that_leaves_nothing_is_refused() {
        for wrong in [0.0, 1.0, -0.1, 0.9, Float::NAN] {
            assert!(train_test_split(3, wrong, 0).is_err(), "{wrong}");
        }
        assert!(train_test_split(0, 0.5, 0).is_err());
        let split = train_test_split(4, 0.5, 0).unwrap();
        assert!(split.of(&array![1, 2, 3]).is_err());
    }
}
