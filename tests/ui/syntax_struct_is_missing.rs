//! A model without the word `struct`.

use model_runtime::model;

model! {
    pub Net {
        x = Input(5);
        Dense(3)(x)
    }
    pub struct Other {
        x = Input(5);
        Net()(x)
    }
}

fn main() {}
