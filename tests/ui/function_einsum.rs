//! A letter with two sizes.

use model_runtime::model;

model! {
    pub struct Net {
        a = Input(3, 4);
        b = Input(5, 6);
        Dense(3)(einsum("ij,jk->ik", a, b))
    }
}

fn main() {}
