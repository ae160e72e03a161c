//! A kernel that looks at nothing.

use model_runtime::model;

model! {
    pub struct Net {
        image = Input(28, 28, 3);
        x = Conv2D(16, (3, 0))(image);
        Flatten()(x)
    }
}

fn main() {}
