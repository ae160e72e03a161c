//! A slice that ends behind its axis.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(10);
        y = x[..20];
        Dense(3)(y)
    }
}

fn main() {}
