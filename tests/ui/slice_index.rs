//! A position before the first.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(10, 3);
        y = x[-11];
        Dense(3)(y)
    }
}

fn main() {}
