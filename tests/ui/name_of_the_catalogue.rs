//! A model with the name of a layer.

use model_runtime::model;

model! {
    pub struct Dense {
        x = Input(3);
        Flatten()(x)
    }
}

fn main() {}
