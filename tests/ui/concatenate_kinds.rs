//! Numbers and an index in one value.

use model_runtime::model;

model! {
    pub struct Net {
        a = Input(28);
        b = Input(28, dtype = int32);
        Concatenate()([a, b])
    }
}

fn main() {}
