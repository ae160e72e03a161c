//! Two names without parentheses.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(5);
        a, b = (Dense(5)(x), Dense(5)(x));
        a + b
    }
}

fn main() {}
