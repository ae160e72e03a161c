//! A mean without a variance.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(8);
        Dense(3)(Normalization(mean = 0.5)(x))
    }
}

fn main() {}
