//! A rate above 1.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(10);
        Dense(3)(Dropout(1.5)(x))
    }
}

fn main() {}
