//! A layer with a slip of the pen.

use model_runtime::model;

model! {
    pub struct Net {
        inputs = Input(784);
        Dens(10)(inputs)
    }
}

fn main() {}
