//! A loop of unknown length.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(5);
        while true {
            x = Dense(3)(x);
        }
        x
    }
}

fn main() {}
