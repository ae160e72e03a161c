//! More arguments than the layer has.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(4);
        ReLU(6.0, 0.1, 0.0, 5)(x)
    }
}

fn main() {}
