//! What is left over is no whole number.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(784);
        Reshape(-1, 5)(x)
    }
}

fn main() {}
