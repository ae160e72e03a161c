//! An axis that is named twice.

use model_runtime::model;

model! {
    pub struct Net {
        a = Input(10, 4);
        Dense(3)(transpose(a, axes = (1, 1)))
    }
}

fn main() {}
