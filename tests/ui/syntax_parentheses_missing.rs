//! Parentheses that are missing around a value or an argument; each is one error.

use model_runtime::model;

model! {
    pub struct Values {
        x = Input(4);
        y = Dense(8)x;
        Dense(2)(y)
    }
    pub struct Arguments {
        x = Input(4);
        y = Dense 8 (x);
        Dense(2)(y)
    }
}

fn main() {}
