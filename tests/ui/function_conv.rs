//! Kernels that do not fit.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(28, 28, 3);
        k = Input(5, 5, 2, 8);
        small = Input(4, 4, 3);
        wide = Input(5, 5, 3, 8);
        (Flatten()(conv(x, k)), Flatten()(conv(small, wide)), Flatten()(conv(x, small)))
    }
}

fn main() {}
