//! Four sides of two.

use model_runtime::model;

model! {
    pub struct Net {
        steps = Input(28, 3);
        x = ZeroPadding1D(((1, 0), (2, 3)))(steps);
        Flatten()(x)
    }
}

fn main() {}
