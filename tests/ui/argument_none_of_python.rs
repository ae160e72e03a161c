//! None, as Python writes it.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(784);
        Dense(10, activation = None)(x)
    }
}

fn main() {}
