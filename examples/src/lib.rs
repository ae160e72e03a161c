//! The examples are in `examples/`; this crate gives them their data.

mod log;
#[cfg(feature = "pictures")]
mod pictures;
mod text;

use std::path::PathBuf;

use model_runtime::Float;
use ndarray::{Array1, Array2};
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

pub use log::{read_log, write_log};
#[cfg(feature = "pictures")]
pub use pictures::pictures;
pub use text::{Text, bits_by_counting, pieces};

/// Where an example writes a file of this name: the folder `output`, made here if need be.
///
/// # Panics
/// If it cannot be made.
pub fn output(name: &str) -> PathBuf {
    let folder = PathBuf::from("output");
    std::fs::create_dir_all(&folder).expect("a folder for what the example writes");
    folder.join(name)
}

/// Handwritten digits: 8×8 pixels, row by row, and what they show.
pub struct Digits {
    /// `(samples, 64)`, from 0 to 1.
    pub images: Array2<Float>,
    /// `(samples)`, from 0 to 9.
    pub labels: Array1<u8>,
}

impl Digits {
    /// The 1,797 digits of `data/digits.csv`, in a random order that is always the same, and split:
    /// the first 80 % to train with, the rest to test with.
    pub fn load() -> (Digits, Digits) {
        let mut rows: Vec<Vec<u8>> = include_str!("../data/digits.csv")
            .lines()
            .map(|line| line.split(',').map(|number| number.parse().expect("a number")).collect())
            .collect();
        rows.shuffle(&mut ChaCha8Rng::seed_from_u64(0));
        let (train, test) = rows.split_at(rows.len() * 4 / 5);
        (Digits::of(train), Digits::of(test))
    }

    fn of(rows: &[Vec<u8>]) -> Digits {
        let images = Array2::from_shape_fn((rows.len(), 64), |(i, pixel)| {
            Float::from(rows[i][pixel]) / 16.0
        });
        let labels = rows.iter().map(|row| row[64]).collect();
        Digits { images, labels }
    }
}

/// The monthly mean numbers of sunspots from January 1749 to December 2008.
pub fn sunspots() -> Vec<Float> {
    let years = include_str!("../data/sunspots.csv").lines();
    years
        .flat_map(|year| year.split(',').skip(1))
        .map(|number| number.parse().expect("a number"))
        .collect()
}
