//! A constant that does not exist.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(784);
        Dense(CLASES)(x)
    }
}

fn main() {}
