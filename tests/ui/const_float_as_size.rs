//! A constant of another type.

use model_runtime::model;

const RATE: f64 = 3.0;

model! {
    pub struct Net {
        x = Input(784);
        Dense(RATE)(x)
    }
}

fn main() {}
