//! A value without a name.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(5);
        _ = Dense(5)(x);
        Dense(3)(x)
    }
}

fn main() {}
