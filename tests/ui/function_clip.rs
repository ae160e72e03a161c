//! A function without one of its arguments.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(10);
        Dense(3)(clip(x, 0))
    }
}

fn main() {}
