//! A model without an input.

use model_runtime::model;

model! {
    pub struct Net {
        x = Dense(3)(y);
    }
}

fn main() {}
