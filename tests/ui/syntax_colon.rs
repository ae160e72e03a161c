//! An argument as a struct has it.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(5);
        Dense(3, use_bias: false)(x)
    }
}

fn main() {}
