//! A value that is never changed.

use model_runtime::model;

model! {
    pub struct Net {
        let mut x = Input(5);
        x = Dense(3)(x);
    }
}

fn main() {}
