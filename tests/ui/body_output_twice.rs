//! An output named twice.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(5);
        y = Dense(4)(x);
        (y, y)
    }
}

fn main() {}
