//! An input that is never used.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(5);
        y = Input(5);
        Dense(4)(x)
    }
}

fn main() {}
