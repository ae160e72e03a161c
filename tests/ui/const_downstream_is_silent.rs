//! One mistake, although everything depends on it.

use model_runtime::model;

const SIDE: usize = 29;

model! {
    pub struct Net {
        x = Input(784);
        x = Reshape(SIDE, SIDE)(x);
        x = Dense(3)(x);
        Flatten()(x)
    }
}

fn main() {}
