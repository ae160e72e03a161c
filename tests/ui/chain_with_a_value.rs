//! A value in a chain.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(784);
        y = Dense(3)(x);
        [Dense(64), y](x)
    }
}

fn main() {}
