//! An operator that values have not.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(4, 4);
        Dense(3)(x % 2)
    }
}

fn main() {}
