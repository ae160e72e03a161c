//! What the macro finds and what const evaluation finds are reported together.

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
