//! Five mistakes are five errors.

use model_runtime::model;

model! {
    pub struct Net {
        image = Input(28, 28, 1);
        x = Flatten()(image);
        x = Dense(64, rellu)(x);
        y = Dens(64)(image);
        z = Reshape(7, 7, 5)(image);
        w = Dense(10, unit = 3)(image);
        v = image[..30];
        Concatenate()([x, y, z, w, v])
    }
}

fn main() {}
