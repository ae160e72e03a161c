//! A type, which the macro finds itself.

use model_runtime::model;

model! {
    pub struct Net {
        let x: Var = Input(5);
        Dense(3)(x)
    }
}

fn main() {}
