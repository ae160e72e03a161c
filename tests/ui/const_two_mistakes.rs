//! Two mistakes are two errors.

use model_runtime::model;

const SIDE: usize = 29;
const ZERO: usize = 0;

model! {
    pub struct Net {
        x = Input(784);
        a = Reshape(SIDE, SIDE)(x);
        b = Dense(ZERO)(x);
        Flatten()(a) + b
    }
}

fn main() {}
