//! The sample axis, which cannot be chosen.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(28, 3);
        Softmax(axis = 0)(x)
    }
}

fn main() {}
