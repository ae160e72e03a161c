//! Two models that contain each other.

use model_runtime::model;

model! {
    pub struct Even {
        x = Input(3);
        Odd()(x)
    }
    pub struct Odd {
        x = Input(3);
        Even()(x)
    }
}

fn main() {}
