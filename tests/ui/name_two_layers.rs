//! Two layers of one explicit name.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(4);
        y = Dense(3, name = "hidden")(x);
        Dense(3, name = "hidden")(y)
    }
}

fn main() {}
