//! A regularizer with too many numbers.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(784);
        Dense(10, kernel_regularizer = l2(0.1, 0.2))(x)
    }
}

fn main() {}
