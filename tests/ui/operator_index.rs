//! Arithmetic with an index.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(10, dtype = int32);
        Dense(3)(x + 1)
    }
}

fn main() {}
