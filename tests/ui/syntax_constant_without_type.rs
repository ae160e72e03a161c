//! A constant without its type.

use model_runtime::model;

model! {
    const N = 3;
    pub struct Net {
        x = Input(5);
        Dense(N)(x)
    }
}

fn main() {}
