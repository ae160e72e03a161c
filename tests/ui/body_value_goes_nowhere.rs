//! A statement without a name.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(5);
        Dense(4)(x);
        Dense(3)(x)
    }
}

fn main() {}
