//! An activation that is a number.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(784);
        Dense(10, activation = 3)(x)
    }
}

fn main() {}
