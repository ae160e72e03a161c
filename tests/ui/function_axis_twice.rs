//! An axis that is chosen twice.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(10, 3);
        Dense(3)(sum(x, axis = (1, -2)))
    }
}

fn main() {}
