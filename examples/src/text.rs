use std::collections::{BTreeMap, HashMap};

use ndarray::Array2;

/// A text in three parts, its characters as numbers.
pub struct Text {
    /// The characters that occur, in the order of their numbers.
    pub alphabet: Vec<char>,
    /// To train with: the first 80 %.
    pub train: Vec<usize>,
    /// To choose with: the next 10 %.
    pub validation: Vec<usize>,
    /// To test with: the rest.
    pub test: Vec<usize>,
}

impl Text {
    /// The book of Genesis of `data/genesis.txt`.
    pub fn load() -> Text {
        let text = include_str!("../data/genesis.txt");
        let numbers: BTreeMap<char, usize> = text.chars().map(|c| (c, 0)).collect();
        let alphabet: Vec<char> = numbers.into_keys().collect();
        let number = |c| alphabet.binary_search(&c).expect("a character of the text");
        let all: Vec<usize> = text.chars().map(number).collect();
        let (train, rest) = all.split_at(all.len() * 8 / 10);
        let (validation, test) = rest.split_at(rest.len() / 2);
        let [train, validation, test] = [train, validation, test].map(<[usize]>::to_vec);
        Text { alphabet, train, validation, test }
    }
}

/// Pieces of `length` characters, the next one starting `stride` after this one, and for each
/// character the one that follows it: two arrays `(pieces, length)`.
pub fn pieces(text: &[usize], length: usize, stride: usize) -> (Array2<i32>, Array2<i32>) {
    let count = (text.len() - 1 - length) / stride + 1;
    let at = |from: usize| {
        Array2::from_shape_fn((count, length), |(i, t)| text[i * stride + t + from] as i32)
    };
    (at(0), at(1))
}

/// The mean number of bits that a character of `text` takes when each is foretold from the `order`
/// before it, by how often they followed each other in `train`. Shorter histories are mixed in by
/// the rule of Witten and Bell (1991), down to an alphabet of equally likely characters.
pub fn bits_by_counting(train: &[usize], text: &[usize], order: usize, alphabet: usize) -> f64 {
    // For each history: how often it occurs, and how often each character follows it.
    let mut followers: HashMap<&[usize], (f64, HashMap<usize, f64>)> = HashMap::new();
    for length in 0..=order {
        for window in train.windows(length + 1) {
            let (count, next) = followers.entry(&window[..length]).or_default();
            *count += 1.0;
            *next.entry(window[length]).or_default() += 1.0;
        }
    }
    let mut bits = 0.0;
    for window in text.windows(order + 1) {
        let mut p = 1.0 / alphabet as f64;
        for length in 0..=order {
            let Some((count, next)) = followers.get(&window[order - length..order]) else { break };
            let kinds = next.len() as f64;
            p = (next.get(&window[order]).unwrap_or(&0.0) + kinds * p) / (count + kinds);
        }
        bits -= p.log2();
    }
    bits / (text.len() - order) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_repeats_is_foretold_and_one_of_chance_is_not() {
        let repeats: Vec<usize> = (0..4000).map(|i| i % 4).collect();
        assert!(bits_by_counting(&repeats, &repeats, 1, 4) < 0.02);
        // Without a history all four are equally likely: two bits.
        assert!((bits_by_counting(&repeats, &repeats, 0, 4) - 2.0).abs() < 1e-3);
    }

    #[test]
    fn the_next_character_is_the_target() {
        let (x, y) = pieces(&[1, 2, 3, 4, 5, 6], 3, 2);
        assert_eq!(x, ndarray::array![[1, 2, 3], [3, 4, 5]]);
        assert_eq!(y, ndarray::array![[2, 3, 4], [4, 5, 6]]);
    }

    #[test]
    fn the_text_is_whole() {
        let text = Text::load();
        assert_eq!(text.train.len() + text.validation.len() + text.test.len(), 196_818);
        assert_eq!(text.alphabet.len(), 60);
    }
}
