//! None, as Python writes it, where a number is meant.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(28, 28, 1);
        a = Conv2D(8, 3, strides = None)(x);
        b = Conv2D(None, 3)(x);
        c = Reshape((None, 28))(x);
        d = Conv2D(8, 3, use_bias = None)(x);
        (a, b, c, d)
    }
}

fn main() {}
