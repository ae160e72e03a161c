//! A model on fewer inputs than it has.

use model_runtime::model;

model! {
    pub struct Pair {
        a = Input(3);
        b = Input(3);
        Dense(1)(a + b)
    }
    pub struct Net {
        x = Input(3);
        Pair()(x)
    }
}

fn main() {}
