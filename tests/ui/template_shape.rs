//! A mistake inside of a template that only the second call has.

use model_runtime::model;

model! {
    fn block(x, units) {
        y = Dense(units)(x);
        y + x
    }
    pub struct Net {
        x = Input(3);
        x = block(x, 3);
        block(x, 4)
    }
}

fn main() {}
