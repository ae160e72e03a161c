//! A comparison of values.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(10);
        y = x > 0;
        Dense(3)(y)
    }
}

fn main() {}
