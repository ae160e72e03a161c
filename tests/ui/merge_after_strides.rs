//! Two ways through convolutions that move differently.

use model_runtime::model;

model! {
    pub struct Net {
        image = Input(28, 28, 3);
        a = Conv2D(8, 3, strides = 2)(image);
        b = Conv2D(8, 3)(image);
        x = Add()([a, b]);
        y = Conv2D(4, 3, strides = 2)(image);
        z = Concatenate()([y, b]);
        w = image + Conv2D(8, 1, strides = 2)(image);
        (Flatten()(x), Flatten()(z), Flatten()(w))
    }
}

fn main() {}
