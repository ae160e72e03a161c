//! Augmentation of what is no image, and a mode that there is not.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(784);
        a = RandomFlip()(x);
        image = Input(8, 8, 3);
        b = RandomFlip(mode = diagonal)(image);
        (Dense(3)(a), Dense(3)(b))
    }
}

fn main() {}
