//! What depends on a mistake says nothing.

use model_runtime::model;

model! {
    pub struct Net {
        image = Input(28, 28, 1);
        x = Reshape(7, 7, 5)(image);
        y = Dense(64)(x);
        z = y + image;
        tower = Dense(3);
        a = tower(z);
        b = tower(image);
        Concatenate()([a, b, y])
    }
}

fn main() {}
