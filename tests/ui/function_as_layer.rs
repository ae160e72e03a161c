//! A function called as a layer.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(10);
        relu()(x)
    }
}

fn main() {}
