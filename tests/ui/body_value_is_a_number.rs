//! A number with the name of a value.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(5);
        y = 3;
        Dense(4)(x) * y
    }
}

fn main() {}
