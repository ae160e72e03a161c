//! A constant without a value.

use model_runtime::model;

model! {
    const K: usize = 1 / 0;
    pub struct Net {
        x = Input(3);
        Dense(K)(x)
    }
}

fn main() {}
