//! A slice as Python writes it.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(5);
        y = x[:3];
        Dense(5)(y)
    }
}

fn main() {}
