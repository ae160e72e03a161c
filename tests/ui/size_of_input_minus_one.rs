//! An open size, as other libraries write it.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(-1, 8);
        Dense(3)(x)
    }
}

fn main() {}
