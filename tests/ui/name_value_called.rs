//! A value where a layer is meant.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(10);
        y = Dense(10)(x);
        y(x)
    }
}

fn main() {}
