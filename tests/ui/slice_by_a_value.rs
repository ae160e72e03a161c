//! A position that is a value.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(10, 3);
        i = Input(1);
        y = x[i];
        Dense(3)(y)
    }
}

fn main() {}
