//! Two inputs for a layer of one.

use model_runtime::model;

model! {
    pub struct Net {
        a = Input(10);
        b = Input(10);
        Dense(3)(a, b)
    }
}

fn main() {}
