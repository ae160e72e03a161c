//! A constant inside of a model.

use model_runtime::model;

model! {
    pub struct Net {
        const N: usize = 3;
        x = Input(5);
        Dense(N)(x)
    }
}

fn main() {}
