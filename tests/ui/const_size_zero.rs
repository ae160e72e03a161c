//! A constant of Rust as a size.

use model_runtime::model;

const ZERO: usize = 0;

model! {
    pub struct Net {
        x = Input(784);
        Dense(ZERO)(x)
    }
}

fn main() {}
