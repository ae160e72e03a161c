//! An input without values.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(28, 0, 1);
        Dense(3)(x)
    }
}

fn main() {}
