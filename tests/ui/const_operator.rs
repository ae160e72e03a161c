//! Shapes of constants that cannot be combined.

use model_runtime::model;

const N: usize = 3;
const M: usize = 5;

model! {
    pub struct Net {
        a = Input(N, 4);
        b = Input(M, 4);
        Dense(3)(a + b)
    }
}

fn main() {}
