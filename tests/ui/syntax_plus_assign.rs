//! A value that would be changed.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(5);
        x += Dense(5)(x);
        x
    }
}

fn main() {}
