//! Two inputs of one name.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(4);
        x = Input(4);
        Dense(2)(x)
    }
}

fn main() {}
