//! One mistake, although another model uses the broken one.

use model_runtime::model;

model! {
    pub struct Encoder {
        x = Input(3);
        Dens(1)(x)
    }
    pub struct Net {
        x = Input(3);
        Dense(2)(Encoder()(x))
    }
}

fn main() {}
