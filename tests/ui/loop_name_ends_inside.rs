//! A name that ends with its loop.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(5);
        for _ in 0..3 {
            y = Dense(3)(x);
        }
        Dense(1)(y)
    }
}

fn main() {}
