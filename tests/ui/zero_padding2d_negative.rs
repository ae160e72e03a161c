//! Padding that cuts off.

use model_runtime::model;

model! {
    pub struct Net {
        image = Input(28, 28, 3);
        x = ZeroPadding2D(-1)(image);
        Flatten()(x)
    }
}

fn main() {}
