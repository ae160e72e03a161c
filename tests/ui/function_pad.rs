//! Widths that do not fit the axes.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(10, 5);
        Dense(3)(pad(x, (1, 2, 3)))
    }
}

fn main() {}
