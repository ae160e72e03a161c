//! Three inputs for a difference.

use model_runtime::model;

model! {
    pub struct Net {
        a = Input(3);
        b = Input(3);
        c = Input(3);
        Subtract()([a, b, c])
    }
}

fn main() {}
