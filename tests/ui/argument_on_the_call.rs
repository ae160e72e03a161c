//! An option in the second parentheses.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(10);
        Dense(3)(x, use_bias = false)
    }
}

fn main() {}
