//! A layer as output.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(5);
        y = Dense(4)(x);
        z = Dense(4);
        (y, z)
    }
}

fn main() {}
