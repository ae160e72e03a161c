//! An axis that is not of size 1.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(10, 3);
        Dense(3)(squeeze(x, axis = 2))
    }
}

fn main() {}
