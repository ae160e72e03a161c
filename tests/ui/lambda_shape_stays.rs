//! Without output_shape the shape stays.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(10);
        front = Lambda(|y| y * 2)(x);
        Reshape(3, 3)(front)
    }
}

fn main() {}
