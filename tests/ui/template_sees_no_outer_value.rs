//! A template that names a value of the model.

use model_runtime::model;

model! {
    fn block(x) {
        Dense(3)(x + skip)
    }
    pub struct Net {
        x = Input(3);
        skip = Dense(3)(x);
        block(skip)
    }
}

fn main() {}
