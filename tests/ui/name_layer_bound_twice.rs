//! The name of a layer for a value.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(10);
        head = Dense(10);
        head = head(x);
    }
}

fn main() {}
