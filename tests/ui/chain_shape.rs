//! A mistake in the middle of a chain.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(784);
        [Dense(64), Reshape(7, 7), Flatten()](x)
    }
}

fn main() {}
