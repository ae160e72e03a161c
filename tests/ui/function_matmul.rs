//! Matrices that do not fit.

use model_runtime::model;

model! {
    pub struct Net {
        a = Input(3, 4);
        b = Input(3, 5);
        Dense(3)(matmul(a, b))
    }
}

fn main() {}
