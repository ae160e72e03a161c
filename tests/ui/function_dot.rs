//! Axes of different sizes, and one value alone.

use model_runtime::model;

model! {
    pub struct Net {
        a = Input(3, 4);
        b = Input(3, 5);
        (Flatten()(dot([a, b])), Flatten()(average([a, b])), Flatten()(dot([a], 1)))
    }
}

fn main() {}
