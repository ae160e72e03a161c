//! A layer that is never called.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(5);
        head = Dense(3);
        Dense(4)(x)
    }
}

fn main() {}
