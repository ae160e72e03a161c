//! Two values where one is meant.

use model_runtime::model;

model! {
    fn block(x) {
        (a, b) = (Dense(3)(x), Dense(3)(x));
        (a, b)
    }
    pub struct Net {
        x = Input(3);
        y = block(x);
        Dense(3)(y)
    }
}

fn main() {}
