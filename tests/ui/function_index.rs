//! An index where a number is computed with.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(10);
        y = argmax(x);
        Dense(3)(x * y)
    }
}

fn main() {}
