//! Two arguments without a comma.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(5);
        Dense(3 relu)(x)
    }
}

fn main() {}
