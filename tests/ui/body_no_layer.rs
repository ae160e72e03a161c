//! A model without a layer.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(5);
    }
}

fn main() {}
