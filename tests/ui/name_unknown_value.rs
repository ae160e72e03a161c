//! A value that nobody bound.

use model_runtime::model;

model! {
    pub struct Net {
        inputs = Input(784);
        x = Dense(64, relu)(input);
        Dense(10)(x)
    }
}

fn main() {}
