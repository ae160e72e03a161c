//! A declared size of 0.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(10);
        Lambda(|y| y, output_shape = (0,))(x)
    }
}

fn main() {}
