//! One layer on inputs of two constant sizes.

use model_runtime::model;

const N: usize = 3;
const M: usize = 5;

model! {
    pub struct Net {
        a = Input(N);
        b = Input(M);
        tower = Dense(64);
        u = tower(a);
        v = tower(b);
        u + v
    }
}

fn main() {}
