//! A condition that is a value.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(5);
        if x {
            x = Dense(3)(x);
        }
        x
    }
}

fn main() {}
