//! A maximum below 0.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(28, 3);
        ReLU(max_value = -1.0)(x)
    }
}

fn main() {}
