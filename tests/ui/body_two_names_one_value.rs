//! Two names for one value.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(10);
        (a, b) = Dense(3)(x);
        a + b
    }
}

fn main() {}
