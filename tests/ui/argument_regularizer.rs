//! A regularizer that does not exist.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(784);
        Dense(10, kernel_regularizer = l3(0.01))(x)
    }
}

fn main() {}
