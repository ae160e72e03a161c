//! A constant that is defined by itself.

use model_runtime::model;

model! {
    const K: usize = K + 1;
    pub struct Net {
        x = Input(3);
        Dense(K)(x)
    }
}

fn main() {}
