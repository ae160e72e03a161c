//! A model that contains itself, and one that uses it.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(3);
        Net()(x)
    }
    pub struct Other {
        x = Input(3);
        Dense(2)(Net()(x))
    }
}

fn main() {}
