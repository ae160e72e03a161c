//! A statement outside of a model.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(5);
        Dense(3)(x)
    }
    y = Dense(3);
}

fn main() {}
