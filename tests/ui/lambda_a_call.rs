//! A value where a closure is meant.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(10);
        Lambda(x * 2)(x)
    }
}

fn main() {}
