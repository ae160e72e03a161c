//! A template without one of its arguments.

use model_runtime::model;

model! {
    fn block(x, units) {
        Dense(units)(x)
    }
    pub struct Net {
        x = Input(3);
        block(x)
    }
}

fn main() {}
