//! Parts that are not equal.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(10, 5);
        (a, b) = split(x, 2);
        Dense(3)(a + b)
    }
}

fn main() {}
