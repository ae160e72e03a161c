//! A mistake in the second turn is one error.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(5);
        for units in [3, 0, 0] {
            x = Dense(units)(x);
        }
        x
    }
}

fn main() {}
