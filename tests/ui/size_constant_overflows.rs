//! A constant that overflows.

use model_runtime::model;

model! {
    const N: usize = 9223372036854775807;
    const M: usize = N + 1;
    pub struct Net {
        x = Input(3);
        Dense(M)(x)
    }
}

fn main() {}
