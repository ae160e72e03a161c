//! Shapes that cannot be combined.

use model_runtime::model;

model! {
    pub struct Net {
        a = Input(32, 32, 32);
        b = Dense(16)(a);
        Flatten()(a * 2 + b)
    }
}

fn main() {}
