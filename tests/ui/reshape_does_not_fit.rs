//! Other numbers of values.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(784);
        Reshape(7, 7, 5)(x)
    }
}

fn main() {}
