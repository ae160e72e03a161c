//! A body that ends with a loop.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(5);
        for _ in 0..3 {
            x = Dense(3)(x);
        }
    }
}

fn main() {}
