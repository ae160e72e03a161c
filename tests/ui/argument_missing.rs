//! A layer without its size.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(784);
        Dense()(x)
    }
}

fn main() {}
