//! A constant of another type.

use model_runtime::model;

const RATE: &str = "three";

model! {
    pub struct Net {
        x = Input(784);
        Dense(RATE)(x)
    }
}

fn main() {}
