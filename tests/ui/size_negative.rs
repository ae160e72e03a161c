//! A layer with fewer than no outputs.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(784);
        Dense(-3)(x)
    }
}

fn main() {}
