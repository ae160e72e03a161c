//! Inputs that differ in an axis that is not joined.

use model_runtime::model;

model! {
    pub struct Net {
        image = Input(28, 28, 1);
        a = image[(..26, ..26)];
        Concatenate()([a, image])
    }
}

fn main() {}
