//! A number as output.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(5);
        y = Dense(4)(x);
        (y, 3)
    }
}

fn main() {}
