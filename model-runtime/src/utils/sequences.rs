use ndarray::Array2;

use crate::{Float, Number};

/// An end of a sequence: Keras's `"pre"` and `"post"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The beginning.
    Pre,
    /// The end.
    Post,
}

/// The arguments of [`pad_sequences`], with Keras's defaults.
///
/// ```
/// use model_runtime::utils::{PadSequences, Side, pad_sequences};
/// let options = PadSequences::default().maxlen(2).padding(Side::Post).value(-1.0);
/// let padded = pad_sequences(&[vec![1, 2, 3], vec![4]], options.clone());
/// assert_eq!(padded, ndarray::array![[2.0, 3.0], [4.0, -1.0]]);
/// let padded = pad_sequences(&[vec![1, 2, 3], vec![4]], options.truncating(Side::Post));
/// assert_eq!(padded, ndarray::array![[1.0, 2.0], [4.0, -1.0]]);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct PadSequences {
    maxlen: Option<usize>,
    padding: Side,
    truncating: Side,
    value: Float,
}

impl Default for PadSequences {
    /// As long as the longest sequence, filled with 0 at the beginning.
    fn default() -> Self {
        PadSequences { maxlen: None, padding: Side::Pre, truncating: Side::Pre, value: 0.0 }
    }
}

impl PadSequences {
    /// How long all sequences become; as long as the longest by default.
    pub fn maxlen(mut self, maxlen: usize) -> PadSequences {
        self.maxlen = Some(maxlen);
        self
    }

    /// Where sequences that are too short are filled; at the beginning by default.
    pub fn padding(mut self, padding: Side) -> PadSequences {
        self.padding = padding;
        self
    }

    /// Where sequences that are too long lose numbers; at the beginning by default.
    pub fn truncating(mut self, truncating: Side) -> PadSequences {
        self.truncating = truncating;
        self
    }

    /// What is filled in; 0 by default.
    pub fn value(mut self, value: Float) -> PadSequences {
        self.value = value;
        self
    }
}

/// Makes sequences of one length: `(sequences, length)`.
///
/// `sequences` are lists of numbers of any type; `options` are Keras's arguments.
/// [`pad_sequences`](https://keras.io/api/data_loading/timeseries/#pad_sequences-function) in Keras.
///
/// ```
/// use model_runtime::utils::pad_sequences;
/// let padded = pad_sequences(&[vec![1], vec![2, 3]], Default::default());
/// assert_eq!(padded, ndarray::array![[0.0, 1.0], [2.0, 3.0]]);
/// ```
pub fn pad_sequences<S, A>(sequences: &[S], options: PadSequences) -> Array2<Float>
where
    S: AsRef<[A]>,
    A: Number,
{
    let longest = sequences.iter().map(|sequence| sequence.as_ref().len()).max().unwrap_or(0);
    let length = options.maxlen.unwrap_or(longest);
    let mut padded = Array2::from_elem((sequences.len(), length), options.value);
    for (mut row, sequence) in padded.rows_mut().into_iter().zip(sequences) {
        let sequence = sequence.as_ref();
        let kept = match options.truncating {
            Side::Pre => &sequence[sequence.len().saturating_sub(length)..],
            Side::Post => &sequence[..sequence.len().min(length)],
        };
        let start = match options.padding {
            Side::Pre => length - kept.len(),
            Side::Post => 0,
        };
        let places = row.iter_mut().skip(start);
        places.zip(kept).for_each(|(place, number)| *place = number.float());
    }
    padded
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn each_side_is_filled_and_cut_as_in_keras() {
        let sequences = [vec![1], vec![2, 3], vec![4, 5, 6]];
        let of = |padding, truncating| {
            let options = PadSequences::default().maxlen(2).padding(padding);
            pad_sequences(&sequences, options.truncating(truncating))
        };
        // The examples of keras.src.utils.sequence_utils_test.
        assert_eq!(of(Side::Pre, Side::Pre), array![[0., 1.], [2., 3.], [5., 6.]]);
        assert_eq!(of(Side::Post, Side::Pre), array![[1., 0.], [2., 3.], [5., 6.]]);
        assert_eq!(of(Side::Pre, Side::Post), array![[0., 1.], [2., 3.], [4., 5.]]);
        let ones = pad_sequences(&sequences, PadSequences::default().value(1.0));
        assert_eq!(ones, array![[1., 1., 1.], [1., 2., 3.], [4., 5., 6.]]);
    }

    #[test]
    fn nothing_is_padded_too() {
        let none: [&[u8]; 0] = [];
        assert_eq!(pad_sequences(&none, PadSequences::default()).shape(), [0, 0]);
        let short: [&[u8]; 2] = [&[], &[1]];
        let cut = pad_sequences(&short, PadSequences::default().maxlen(0));
        assert_eq!(cut.shape(), [2, 0]);
    }
}
