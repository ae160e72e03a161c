//! More than there are.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(10);
        (best, _) = top_k(x, 11);
        Dense(3)(best)
    }
}

fn main() {}
