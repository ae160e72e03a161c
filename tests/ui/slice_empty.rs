//! A slice of nothing.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(10);
        y = x[5..5];
        Dense(3)(y)
    }
}

fn main() {}
