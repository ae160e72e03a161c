//! A layer as an operand.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(5);
        head = Dense(5);
        y = head + x;
        Dense(3)(y)
    }
}

fn main() {}
