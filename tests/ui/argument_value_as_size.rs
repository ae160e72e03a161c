//! A size that is a value of the graph.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(784);
        Dense(x)(x)
    }
}

fn main() {}
