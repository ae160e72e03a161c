//! One layer on inputs of two sizes.

use model_runtime::model;

model! {
    pub struct Net {
        left = Input(784);
        right = Input(100);
        tower = Dense(64);
        a = tower(left);
        b = tower(right);
        a + b
    }
}

fn main() {}
