//! A size that is a string.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(784);
        Dense("ten")(x)
    }
}

fn main() {}
