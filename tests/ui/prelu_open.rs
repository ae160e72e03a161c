//! A slope for each position of an open axis.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(_, 3);
        Dense(3)(PReLU()(x))
    }
}

fn main() {}
