//! Words in the place of another argument.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(28, 28, 1);
        x = Conv2D(16, 3, elu)(x);
        x = Conv2D(16, 3, 1, relu)(x);
        x = Conv2D(16, 3, strides = "same")(x);
        x = MaxPooling2D(2, same)(x);
        x = Dense(64, he_normal)(x);
        x = Dense(64, l2(0.01))(x);
        x = Dense(64, use_bias = relu)(x);
        Dense(10, softmax)(x)
    }
}

fn main() {}
