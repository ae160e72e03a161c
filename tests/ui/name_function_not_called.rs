//! A function where a value is meant.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(10);
        y = abs;
        Dense(3)(x + y)
    }
}

fn main() {}
