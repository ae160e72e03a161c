//! More numbers than axes.

use model_runtime::model;

model! {
    pub struct Net {
        steps = Input(28, 3);
        x = UpSampling1D((2, 3))(steps);
        Flatten()(x)
    }
}

fn main() {}
