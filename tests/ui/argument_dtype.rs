//! A dtype that does not exist.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(784, dtype = int64);
        Dense(10)(x)
    }
}

fn main() {}
