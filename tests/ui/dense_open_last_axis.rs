//! Weights for a size that is not known.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(8, _);
        Dense(3)(x)
    }
}

fn main() {}
