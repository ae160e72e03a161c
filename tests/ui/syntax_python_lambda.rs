//! A function as Python writes it.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(5);
        y = Lambda(lambda t: t * 2)(x);
        Dense(5)(y)
    }
}

fn main() {}
