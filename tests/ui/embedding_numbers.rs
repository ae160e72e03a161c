//! Numbers where indices are looked up.

use model_runtime::model;

model! {
    pub struct Net {
        words = Input(5);
        Flatten()(Embedding(1000, 8)(words))
    }
    pub struct Pairs {
        words = Input(_, 2);
        Embedding(1000, 8)(words)
    }
}

fn main() {}
