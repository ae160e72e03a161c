//! An axis that does not exist.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(10, 3);
        Dense(3)(mean(x, axis = 3))
    }
}

fn main() {}
