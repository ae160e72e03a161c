//! Dense on an index.

use model_runtime::model;

model! {
    pub struct Net {
        words = Input(10, dtype = int32);
        Dense(3)(words)
    }
}

fn main() {}
