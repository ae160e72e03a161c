//! Shapes that cannot be added.

use model_runtime::model;

model! {
    pub struct Net {
        a = Input(32);
        b = Dense(16)(a);
        Add()([a, b])
    }
}

fn main() {}
