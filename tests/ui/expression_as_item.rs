//! Bare statements where items stand.

use model_runtime::model;

model! {
    x = Input(784);
    Dense(3)(x)
}

fn main() {}
