//! More names than parts.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(10, 6);
        (a, b, c) = split(x, 2);
        Dense(3)(a + b + c)
    }
}

fn main() {}
