//! The sample axis, which cannot be chosen.

use model_runtime::model;

model! {
    pub struct Net {
        a = Input(10, 4);
        Dense(3)(expand_dims(a, axis = 0))
    }
}

fn main() {}
