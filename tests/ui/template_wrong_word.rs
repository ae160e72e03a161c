//! A word with a slip of the pen, given through a template.

use model_runtime::model;

model! {
    fn block(x, activation) {
        Dense(3, activation)(x)
    }
    pub struct Net {
        x = Input(3);
        block(x, rellu)
    }
}

fn main() {}
