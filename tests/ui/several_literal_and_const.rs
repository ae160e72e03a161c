//! What the macro finds is reported first; const evaluation follows when that is right.

use model_runtime::model;

const ZERO: usize = 0;

model! {
    pub struct Net {
        x = Input(784);
        a = Dense(ZERO)(x);
        b = Reshape(7, 7, 5)(x);
        Concatenate()([a, b])
    }
}

fn main() {}
