//! A line without its end.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(5)
        y = Dense(3)(x);
        y
    }
}

fn main() {}
