//! Three sides of four.

use model_runtime::model;

model! {
    pub struct Net {
        image = Input(28, 28, 3);
        x = ZeroPadding2D((1, 2, 3))(image);
        Flatten()(x)
    }
}

fn main() {}
