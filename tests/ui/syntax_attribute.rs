//! An attribute in front of a statement.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(5);
        #[frozen]
        y = Dense(5)(x);
        y
    }
}

fn main() {}
