//! Statistics that do not fit the features.

use model_runtime::prelude::*;

model! {
    pub struct Fewer {
        x = Input(4);
        Normalization(mean = (0.5, 1.0, 2.0), variance = (1.0, 1.0, 1.0))(x)
    }

    pub struct Uneven {
        x = Input(3);
        Normalization(mean = (0.5, 1.0, 2.0), variance = (1.0, 1.0))(x)
    }

    pub struct Negative {
        x = Input(2);
        Normalization(mean = (0.5, 1.0), variance = (1.0, -1.0))(x)
    }
}

fn main() {}
