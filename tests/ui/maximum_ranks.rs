//! Shapes with different numbers of axes.

use model_runtime::model;

model! {
    pub struct Net {
        a = Input(3, 4);
        b = Input(4);
        Maximum()([a, b])
    }
}

fn main() {}
