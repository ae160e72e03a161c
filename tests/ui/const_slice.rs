//! A slice that ends at a constant.

use model_runtime::model;

const N: usize = 20;

model! {
    pub struct Net {
        x = Input(10);
        y = x[..N];
        Dense(3)(y)
    }
}

fn main() {}
