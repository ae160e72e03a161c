//! An output_shape that is none of its three forms.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(10);
        Lambda(|y| y, output_shape = "same")(x)
    }
}

fn main() {}
