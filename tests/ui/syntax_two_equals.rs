//! A comparison where a name is meant.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(5);
        y == Dense(5)(x);
        Dense(5)(x)
    }
}

fn main() {}
