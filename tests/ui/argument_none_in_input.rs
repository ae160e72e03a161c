//! The sample axis as None, as Keras shows it.

use model_runtime::model;

model! {
    pub struct Features {
        x = Input(None, 4);
        Dense(3)(x)
    }
    pub struct Sequence {
        x = Input(shape = (None, 8));
        Conv1D(3, 2)(x)
    }
    pub struct Image {
        x = Input(28, None, 1);
        Conv2D(3, 2)(x)
    }
    pub struct Number {
        x = Input(None);
        Identity()(x)
    }
}

fn main() {}
