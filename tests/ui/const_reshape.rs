//! A constant of Rust in a shape.

use model_runtime::model;

const SIDE: usize = 29;

model! {
    pub struct Net {
        x = Input(784);
        Reshape(SIDE, SIDE)(x)
    }
}

fn main() {}
