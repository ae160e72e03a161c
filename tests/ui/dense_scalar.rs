//! Dense on one number.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(8);
        Dense(3)(mean(x))
    }
}

fn main() {}
