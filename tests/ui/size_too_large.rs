//! A number that no machine has.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(10);
        Dense(99999999999999999999)(x)
    }
}

fn main() {}
