//! A size that is no whole number.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(784);
        Dense(2.5)(x)
    }
}

fn main() {}
