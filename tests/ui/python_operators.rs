//! Operators of Python.

use model_runtime::model;

model! {
    pub struct Net {
        q = Input(5, 8);
        k = Input(8, 5);
        a = q @ k;
        b = Dense(3)(q ** 2);
        (a, b)
    }
}

fn main() {}
