//! A condition that is a number.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(5);
        if 3 {
            x = Dense(3)(x);
        }
        x
    }
}

fn main() {}
