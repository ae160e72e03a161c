//! A model whose input is missing.

use model_runtime::model;

model! {
    pub struct Net {
        x = Dense(3)(y);
    }
}

fn main() {}
