//! A template with an argument too many.

use model_runtime::model;

model! {
    fn block(x, units) {
        Dense(units)(x)
    }
    pub struct Net {
        x = Input(3);
        block(x, 3, relu)
    }
}

fn main() {}
