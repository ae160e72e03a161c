//! A layer without outputs.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(784);
        Dense(0)(x)
    }
}

fn main() {}
