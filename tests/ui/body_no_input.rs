//! A model of numbers only.

use model_runtime::model;

model! {
    pub struct Net {
        x = relu(1);
        y = relu(2);
        Add()([x, y])
    }
}

fn main() {}
