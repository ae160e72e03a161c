//! An activation with a slip of the pen.

use model_runtime::model;

model! {
    pub struct Net {
        inputs = Input(784);
        Dense(10, rellu)(inputs)
    }
}

fn main() {}
