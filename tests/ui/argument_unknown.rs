//! An argument that the layer has not.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(784);
        Dense(10, unit = 3)(x)
    }
}

fn main() {}
