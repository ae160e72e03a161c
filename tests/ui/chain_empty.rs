//! A chain of no layers.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(5);
        [](x)
    }
}

fn main() {}
