//! Inputs of constants that differ in an axis that is not joined.

use model_runtime::model;

const N: usize = 3;
const M: usize = 5;

model! {
    pub struct Net {
        a = Input(N, 4);
        b = Input(M, 4);
        Dense(3)(Concatenate()([a, b]))
    }
}

fn main() {}
