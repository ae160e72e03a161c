//! An argument without a name behind one with a name.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(4);
        Dense(activation = relu, 3)(x)
    }
}

fn main() {}
