//! A method where the graph has functions.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(10);
        y = x.abs();
        Dense(3)(y)
    }
}

fn main() {}
