//! A loop whose bound the macro cannot see.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(5);
        for _ in 0..DEPTH {
            x = Dense(3)(x);
        }
        x
    }
}

fn main() {}
