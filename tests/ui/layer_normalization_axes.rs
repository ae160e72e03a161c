//! An axis that is chosen twice.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(8, 3);
        y = LayerNormalization(axis = (-1, 2))(x);
        Flatten()(y)
    }
}

fn main() {}
