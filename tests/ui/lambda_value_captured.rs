//! A value of the graph inside of a closure.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(10);
        scale = Dense(10)(x);
        Lambda(|y| y * scale)(x)
    }
}

fn main() {}
