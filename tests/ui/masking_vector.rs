//! A vector, which has no steps.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(8);
        Dense(3)(Masking()(x))
    }
}

fn main() {}
