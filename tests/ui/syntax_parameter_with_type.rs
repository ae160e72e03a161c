//! A parameter with a type.

use model_runtime::model;

model! {
    fn block(x: Var) {
        Dense(3)(x)
    }
    pub struct Net {
        x = Input(5);
        block(x)
    }
}

fn main() {}
