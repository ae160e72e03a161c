//! A text that is none.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(10);
        Dense(3)(einsum([x, x], 3))
    }
}

fn main() {}
