//! A template that calls itself.

use model_runtime::model;

model! {
    fn block(x) {
        block(x)
    }
    pub struct Net {
        x = Input(3);
        Dense(1)(block(x))
    }
}

fn main() {}
